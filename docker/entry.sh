#!/usr/bin/env bash
# Starts a container: checks the secrets, waits for PostgreSQL, installs the addon or
# updates it when its version has changed, then becomes Odoo.
#
#   odoo [OPTION…]     install or update, then serve and run the scheduled actions
#   worker [OPTION…]   only serve a database that another container takes care of
#   anything else      run that command, for example `bash`
set -euo pipefail

addon=sales_opportunity_plus
folder=${ADDON_FOLDER:-/opt/addons/$addon}
wait_seconds=${DATABASE_WAIT_SECONDS:-60}
# Comment on a database of which the first start is not over; a start that was killed
# in the middle finds it, drops the torso and begins again.
unfinished="$addon: first start is not over"

say() {
    echo "entry: $*" >&2
}

stop() {
    echo "Error: $*" >&2
    exit 1
}

require() {
    local name
    for name in "$@"; do
        [ -n "${!name:-}" ] ||
            stop "$name is not set: put it in docker/.env (see docker/.env.example)"
    done
}

# Rows of the SQL on standard input, in the named database; :'name' and :'comment' are
# quoted by psql.
query() {
    psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 \
        --set=name="$PGDATABASE" --set=comment="$unfinished" --dbname="$1" --file=-
}

wait_for_server() {
    local left=$wait_seconds
    until pg_isready --quiet --dbname=postgres; do
        [ "$left" -gt 0 ] ||
            stop "no PostgreSQL at $PGHOST after $wait_seconds s: start it or correct PGHOST"
        left=$((left - 1))
        sleep 1
    done
    # Ready is not enough: a wrong password shows only at login.
    query postgres <<<'SELECT' >/dev/null 2>&1 ||
        stop "PostgreSQL at $PGHOST refuses $PGUSER: correct PGUSER and PGPASSWORD"
}

database_exists() {
    [ -n "$(query postgres <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" ]
}

is_unfinished() {
    [ -n "$(query postgres <<<"SELECT 1 FROM pg_database WHERE datname = :'name'
        AND shobj_description(oid, 'pg_database') = :'comment'")" ]
}

has_odoo() {
    [ -n "$(query "$PGDATABASE" <<<"SELECT to_regclass('public.ir_module_module')")" ]
}

installed_version() {
    query "$PGDATABASE" <<<"SELECT latest_version FROM ir_module_module
        WHERE name = '$addon' AND state IN ('installed', 'to upgrade')"
}

shipped_version() {
    python3 -I -c 'import ast, sys
print(ast.literal_eval(open(sys.argv[1]).read())["version"])' "$folder/__manifest__.py"
}

load() {
    odoo --database="$PGDATABASE" --no-http --stop-after-init --workers=0 "$@"
}

# Odoo gives a new database the login admin with the password admin.
set_admin_password() {
    odoo shell --database="$PGDATABASE" --no-http --workers=0 >/dev/null <<'PYTHON'
import os

env.ref("base.user_admin").password = os.environ["ADMIN_PASSWORD"]
env.cr.commit()
PYTHON
}

first_start() {
    require ADMIN_PASSWORD
    if is_unfinished; then
        say "the first start of $PGDATABASE was cut short: beginning again"
        dropdb --force "$PGDATABASE"
    fi
    database_exists ||
        createdb --template=template0 --encoding=UTF8 --lc-collate=C "$PGDATABASE"
    query "$PGDATABASE" <<<"COMMENT ON DATABASE :\"name\" IS :'comment';
        CREATE EXTENSION IF NOT EXISTS pg_trgm"
    say "installing Odoo and $addon into $PGDATABASE"
    load --init="$addon"
    set_admin_password
    query "$PGDATABASE" <<<'COMMENT ON DATABASE :"name" IS NULL'
}

prepare() {
    if ! database_exists || is_unfinished || ! has_odoo; then
        first_start
        return
    fi
    local installed shipped
    installed=$(installed_version)
    shipped=$(shipped_version)
    if [ -z "$installed" ]; then
        say "installing $addon $shipped into $PGDATABASE"
        load --init="$addon"
    elif [ "$installed" != "$shipped" ]; then
        say "updating $addon from $installed to $shipped in $PGDATABASE"
        load --update="$addon"
    else
        say "$PGDATABASE has $addon $shipped"
    fi
}

is_prepared() {
    database_exists && ! is_unfinished && has_odoo &&
        [ "$(installed_version)" = "$(shipped_version)" ]
}

wait_for_preparation() {
    local left=$wait_seconds
    until is_prepared; do
        [ "$left" -gt 0 ] || stop "$PGDATABASE has no $addon $(shipped_version) after" \
            "$wait_seconds s: start the container with the command odoo first"
        left=$((left - 1))
        sleep 1
    done
}

case "${1:-odoo}" in
odoo | worker)
    mode=${1:-odoo}
    shift || true
    require PGHOST PGUSER PGPASSWORD PGDATABASE
    wait_for_server
    # Nobody knows the master password: databases are not managed over the web.
    ODOO_ADMIN_PASSWD=$(python3 -I -c 'import secrets; print(secrets.token_hex())')
    export ODOO_ADMIN_PASSWD
    if [ "$mode" = odoo ]; then
        prepare
        unset ADMIN_PASSWORD
        exec odoo --database="$PGDATABASE" "$@"
    fi
    wait_for_preparation
    unset ADMIN_PASSWORD
    exec odoo --database="$PGDATABASE" --max-cron-threads=0 "$@"
    ;;
*)
    exec "$@"
    ;;
esac
