#!/usr/bin/env bash
# Runs once, when the cluster is new: Odoo gets an account that may make databases but
# is no superuser, and the replica one that may only stream.
set -euo pipefail

psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" \
    --dbname=postgres --set=odoo="$ODOO_DB_PASSWORD" \
    --set=replicator="$REPLICATION_PASSWORD" <<'SQL'
CREATE ROLE odoo LOGIN CREATEDB PASSWORD :'odoo';
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replicator';
SQL
