{
    "name": "Sales Opportunity Plus: Email Marketing",
    "summary": "Mailings sent, opened, clicked and answered become touches of deals",
    "version": "19.0.1.3.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "Sales Opportunity Plus founders",
    "development_status": "Beta",
    "depends": ["sales_opportunity_plus", "mass_mailing"],
    "data": [
        "data/mailing_parameters.xml",
        "views/mailing_mailing_views.xml",
        "views/mailing_trace_views.xml",
    ],
    "auto_install": True,
    "installable": True,
}
