-- A copy of a database tells nothing to the receivers of the original.
UPDATE crm_webhook SET active = FALSE;
