#!/usr/bin/env bash
# Makes typed clients of docs/openapi.json, checks programs that use them against their types, and runs these programs
# against the service. `--help` says how.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'HELP'
Usage: scripts/clients.sh [OPTION...]

Generates a client in TypeScript and one in Python, each with a program that goes through the whole of the API's daily
use. Both are checked against the generated types first, and then run against the service, which is started for each on
a free port with a folder of its own, and stopped afterwards.

  --language NAME   typescript or python (default: both)
  --binary PATH     the service to ask (default: it is built, as `cargo build` does)
  --help            this text

TypeScript needs Node.js 20 or later with npm, Python needs 3.11 or later with venv. The versions of all that is
installed are in clients/; it lies in target/clients, with the clients that are made.
HELP
}

root=$PWD
kept=$root/target/clients
document=$root/docs/openapi.json

languages=() binary='' folder='' server=''

say() { printf 'clients: %s\n' "$*" >&2; }
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
        --language | --binary) (($# > 1)) || fail "$1 needs a value; see --help" ;;
        *) fail "there is no option $1; see --help" ;;
        esac
        case $1=$2 in
        --language=typescript | --language=python) languages+=("$2") ;;
        --language=*) fail "the language is typescript or python, not $2" ;;
        --binary=*)
            [[ -f $2 && -x $2 ]] || fail "$2 is no program"
            binary=$(realpath "$2")
            ;;
        esac
        shift 2
    done
}

# --- The service ---------------------------------------------------------------------------------

build_service() {
    cargo build --locked -p contacts-server --bin contacts
    binary=$(cargo metadata --locked --no-deps --format-version 1 |
        sed -E 's/.*"target_directory":"([^"]*)".*/\1/')/debug/contacts
}

server_is_gone() { ! kill -0 "$server" 2>/dev/null; }
server_is_up() { url=$(sed -n 's/^Address *//p' "$folder/banner") && [[ -n $url ]]; }
server_is_up_or_gone() { server_is_up || server_is_gone; }

# start_server LOG: leaves in `url` where it listens. It sees nothing of the caller's settings.
start_server() {
    folder=$(mktemp -d "${TMPDIR:-/tmp}/contacts-clients.XXXXXX")
    local settings=("PATH=$PATH" "DATA_DIR=$folder/data" BIND_ADDRESS=127.0.0.1:0 REQUIRE_VERIFIED_EMAIL=true)
    : >"$folder/banner"
    (cd "$folder" && exec env -i "${settings[@]}" "$binary" serve) >"$folder/banner" 2>"$1" </dev/null &
    server=$!
    if ! wait_until 60 server_is_up_or_gone || server_is_gone; then
        tail -n 50 "$1" >&2
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
    [[ -z $folder ]] || rm -rf "$folder"
    server='' folder=''
    return "$status"
}

# --- TypeScript ----------------------------------------------------------------------------------

make_typescript() {
    command -v node npm >/dev/null || fail 'it needs Node.js 20 or later, with npm'
    copy_sources typescript package.json
    cd "$kept/typescript"
    [[ -d node_modules ]] || npm ci --no-fund --no-audit --silent
    cp "$document" openapi.json
    npm run --silent generate
    npm run --silent check
    npm run --silent build
}

run_typescript() { node "$kept/typescript/dist/tutorial.js"; }

# --- Python --------------------------------------------------------------------------------------

make_python() {
    copy_sources python requirements.txt
    cd "$kept/python"
    if [[ ! -x venv/bin/mypy ]]; then
        python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail 'it needs Python 3.11 or later'
        python3 -m venv venv || fail 'python3 has no venv (on Debian and Ubuntu: apt-get install python3-venv)'
        venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
    fi
    venv/bin/python json_bodies.py "$document" >openapi.json
    PATH=$kept/python/venv/bin:$PATH openapi-python-client generate --fail-on-warning --meta none --overwrite \
        --config generator.yaml --path openapi.json --output-path contacts_client
    venv/bin/mypy --config-file mypy.ini contacts_client tutorial.py
}

run_python() { "$kept/python/venv/bin/python" "$kept/python/tutorial.py"; }

# --- Both ----------------------------------------------------------------------------------------

# copy_sources LANGUAGE LIST: what is installed stays, unless the list of it has changed.
copy_sources() {
    mkdir -p "$kept/$1"
    cmp -s "clients/$1/$2" "$kept/$1/$2" || rm -rf "$kept/$1/node_modules" "$kept/$1/venv"
    cp -R "clients/$1/." "$kept/$1/"
}

read_arguments "$@"
((${#languages[@]})) || languages=(typescript python)
[[ -n $binary ]] || build_service

trap 'stop_server || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
for language in "${languages[@]}"; do
    say "$language: the client is generated and checked"
    ("make_$language")
    say "$language: the tutorial runs against the service"
    start_server "$kept/$language/server.log"
    CONTACTS_URL=$url CONTACTS_MAIL_FOLDER=$folder/data/mail "run_$language"
    stop_server || fail "the service did not end as it should: target/clients/$language/server.log"
done
say "ok: ${languages[*]}"
