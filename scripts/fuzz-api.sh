#!/usr/bin/env bash
# Asks the running service whatever its OpenAPI document allows, and what it does not allow, and checks
# each answer against the document. `--help` says how.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'HELP'
Usage: scripts/fuzz-api.sh [OPTION...] [-- OPTION-OF-SCHEMATHESIS...]

Starts the service on a database of its own, with its limits off, and runs schemathesis against the OpenAPI
document that it serves: all checks, on SQLite and on PostgreSQL with Redis, once for each seed. It ends with 0
only if nothing was found.

  --database NAME   sqlite or postgres; given twice, both (which is the default)
  --seed NUMBER     what the cases are drawn with; may be given more than once (default: 1 and 2)
  --examples COUNT  how many cases an operation is fuzzed with (default: 200)
  --help            this text

What follows -- goes to `schemathesis run` as it is: `-- --include-operation-id createContact --phases fuzzing`.

It needs Python 3.10 or later, and installs scripts/fuzz-api/requirements.txt into target/fuzz-api the first time.
Where TEST_DATABASE_URL and TEST_REDIS_URL are set, those servers are used; otherwise private ones are started.
Reports and logs stay in target/fuzz-api.
HELP
}

root=$PWD
configuration=$root/scripts/fuzz-api
kept=$root/target/fuzz-api
python=$kept/venv/bin/python

databases=() seeds=() options=()
examples=200
arguments=("$@")
folder='' server='' database=''

say() { printf 'fuzz-api: %s\n' "$*" >&2; }
fail() { say "$*" && exit 2; }

# wait_until SECONDS COMMAND...: polls until COMMAND succeeds; fails when the time is over.
wait_until() {
    local deadline=$((SECONDS + $1))
    until "${@:2}"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

read_arguments() {
    while (($# > 0)); do
        case $1 in
        --help | -h) usage && exit ;;
        --) shift && options=("$@") && return ;;
        --database | --seed | --examples) (($# > 1)) || fail "$1 needs a value; see --help" ;;
        *) fail "there is no option $1; see --help" ;;
        esac
        case $1=$2 in
        --database=sqlite | --database=postgres) databases+=("$2") ;;
        --database=*) fail "the database is sqlite or postgres, not $2" ;;
        *=*[!0-9]* | *=) fail "$1 takes a whole number, not '$2'" ;;
        --seed=*) seeds+=("$2") ;;
        --examples=0) fail 'without an example nothing would be asked' ;;
        --examples=*) examples=$2 ;;
        esac
        shift 2
    done
}

# --- What is needed ------------------------------------------------------------------------------

install_schemathesis() {
    local installed=$kept/requirements.txt
    if [[ -x $python ]] && cmp -s "$configuration/requirements.txt" "$installed"; then return; fi
    say 'installing schemathesis into target/fuzz-api'
    rm -rf "$kept/venv" "$installed"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || fail 'it needs Python 3.10 or later, as python3'
    python3 -m venv "$kept/venv" || fail 'python3 has no venv (on Debian and Ubuntu: apt-get install python3-venv)'
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$configuration/requirements.txt"
    cp "$configuration/requirements.txt" "$installed"
}

build_service() {
    cargo build --locked -p contacts-server --bin contacts
    binary=$(cargo metadata --locked --no-deps --format-version 1 |
        "$python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/contacts
}

# on_postgres STATEMENT: executes it in the database that TEST_DATABASE_URL names.
on_postgres() {
    "$python" -c 'import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])' \
        "$TEST_DATABASE_URL" "$1"
}

# --- The service ---------------------------------------------------------------------------------

server_is_gone() { ! kill -0 "$server" 2>/dev/null; }
server_is_up() { url=$(sed -n 's/^Address *//p' "$folder/banner") && [[ -n $url ]]; }
server_is_up_or_gone() { server_is_up || server_is_gone; }

# start_server DATABASE LOG: leaves in `url` where it listens. It sees nothing of the caller's settings.
start_server() {
    folder=$(mktemp -d "${TMPDIR:-/tmp}/contacts-fuzz.XXXXXX")
    local settings=(
        "PATH=$PATH" "DATA_DIR=$folder/data" BIND_ADDRESS=127.0.0.1:0 LOG_LEVEL=info
        # Nothing that is sent in a loop is refused for that, and whatever the document allows is a contact.
        RATE_LIMIT_ENABLED=false CONTACT_CREATE_LIMIT=1000000 REQUIRE_VERIFIED_EMAIL=false BCRYPT_COST=4
        CONTACTS_REQUIRED_FIELDS= ACCESS_TOKEN_TTL=1d
    )
    if [[ $1 == postgres ]]; then
        database=contacts_fuzz_$$_$RANDOM
        on_postgres "CREATE DATABASE $database"
        # A query of the URL is kept, as in postgres://ada@db/postgres?sslmode=require.
        settings+=("DATABASE_URL=$(sed -E "s,/[^/?]*(\?|$),/$database\1," <<<"$TEST_DATABASE_URL")")
        settings+=("REDIS_URL=$TEST_REDIS_URL")
    fi
    : >"$folder/banner"
    (cd "$folder" && exec env -i "${settings[@]}" "$binary" serve) >"$folder/banner" 2>"$2" </dev/null &
    server=$!
    if ! wait_until 60 server_is_up_or_gone || server_is_gone; then
        tail -n 50 "$2" >&2
        fail 'the service does not start'
    fi
    url=http://$url
}

# Fails where the service did not end in good order. May be called when there is none.
stop_server() {
    local status=0
    if [[ -n $server ]]; then
        kill -TERM "$server" 2>/dev/null || true
        wait_until 30 server_is_gone || kill -KILL "$server" 2>/dev/null || true
        wait "$server" || status=$?
    fi
    [[ -z $database ]] || on_postgres "DROP DATABASE IF EXISTS $database WITH (FORCE)" || true
    [[ -z $folder ]] || rm -rf "$folder"
    server='' database='' folder=''
    return "$status"
}

# --- The runs ------------------------------------------------------------------------------------

# run DATABASE SEED: fails where something was found.
run() {
    local name=$1-$2 found=0
    say "$1, seed $2: $examples examples an operation"
    # Within a function of which the status is asked nothing fails by itself.
    start_server "$1" "$kept/$name.server.log" || return 1
    "$python" "$configuration/users.py" "$url" >"$folder/users.json" || return 1
    # The pipeline fails where schemathesis does.
    FUZZ_API_USERS=$folder/users.json "$kept/venv/bin/schemathesis" \
        --config-file "$configuration/schemathesis.toml" run --checks all \
        --seed "$2" --max-examples "$examples" ${options[@]+"${options[@]}"} "$url/openapi.json" 2>&1 |
        tee "$kept/$name.log" || found=1
    stop_server || { found=1 && say "the service did not end as it should: target/fuzz-api/$name.server.log"; }
    return "$found"
}

read_arguments "$@"
((${#databases[@]})) || databases=(sqlite postgres)
((${#seeds[@]})) || seeds=(1 2)
if [[ " ${databases[*]} " == *' postgres '* && (-z ${TEST_DATABASE_URL:-} || -z ${TEST_REDIS_URL:-}) ]]; then
    exec scripts/with-test-services.sh "$0" ${arguments[@]+"${arguments[@]}"}
fi

export PYTHONPATH=$configuration PYTHONDONTWRITEBYTECODE=1
trap 'stop_server || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$kept"
install_schemathesis
build_service

failed=()
for on in "${databases[@]}"; do
    for seed in "${seeds[@]}"; do
        run "$on" "$seed" || failed+=("--database $on --seed $seed")
    done
done

if ((${#failed[@]})); then
    say 'something was found; to see each again:'
    for again in "${failed[@]}"; do
        say "  make fuzz-api ARGS='$again --examples $examples${options[*]:+ -- ${options[*]}}'"
    done
    exit 1
fi
say "nothing was found (${databases[*]}; seeds ${seeds[*]}; $examples examples an operation)"
