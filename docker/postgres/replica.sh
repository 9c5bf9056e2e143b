#!/usr/bin/env bash
# Copies the primary on the first start, then follows it for ever.
set -euo pipefail

if [ -z "${REPLICATION_PASSWORD:-}" ]; then
    echo "Error: REPLICATION_PASSWORD is not set: put it in docker/.env" >&2
    exit 1
fi

# Only a whole copy has the name of the real one: a copy that was cut short is made anew.
data=$PGDATA/replica
copy=$PGDATA/copying
if [ ! -s "$data/PG_VERSION" ]; then
    rm -rf "$copy"
    # No slot: a replica that is gone must not fill the primary's disk.
    PGPASSWORD=$REPLICATION_PASSWORD pg_basebackup --host="$PRIMARY_HOST" \
        --port="${PRIMARY_PORT:-5432}" --username=replicator --pgdata="$copy" \
        --checkpoint=fast --wal-method=stream --write-recovery-conf
    chmod 700 "$copy"
    mv "$copy" "$data"
fi

exec postgres -D "$data" -c hot_standby=on -c hot_standby_feedback=on \
    -c "hba_file=${HBA_FILE:-/etc/postgresql/pg_hba.conf}" "$@"
