#!/usr/bin/env bash
# Runs COMMAND with a PostgreSQL and a Redis to test against, and exits with its status.
#
#   scripts/with-test-services.sh COMMAND [ARGUMENT...]
#
# Where TEST_DATABASE_URL or TEST_REDIS_URL is set, that server is used. Otherwise a private,
# throw-away one is started: from installed binaries, or in Docker, or from packages that apt-get
# installs first. COMMAND finds both addresses in these two variables.
set -euo pipefail

# Durability is worth nothing to a database that lives for minutes, and costs the tests much time.
postgres_settings=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300)

folder='' postgres_bin='' postgres_user='' redis_server='' servers='' containers='' command_pid=''

say() { printf 'test services: %s\n' "$*" >&2; }
fail() { say "$*" && exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# fail_with_log MESSAGE COMMAND...: COMMAND prints the log of what failed.
fail_with_log() {
    say "$1; its log says:"
    "${@:2}" >&2 || true
    exit 1
}

# wait_until SECONDS COMMAND...: polls until COMMAND succeeds; fails when the time is over.
wait_until() {
    local deadline=$((SECONDS + $1))
    until "${@:2}"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# --- Finding servers -----------------------------------------------------------------------------

find_postgres() {
    local on_path candidates
    on_path=$(readlink -f "$(command -v initdb)" 2>/dev/null || true)
    candidates=$(
        echo "${on_path%/*}"
        pg_config --bindir 2>/dev/null || true
        # The newest version first.
        printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort -rV
        printf '%s\n' {/opt/homebrew,/usr/local,/home/linuxbrew/.linuxbrew}/opt/postgresql*/bin | sort -rV
    )
    while read -r postgres_bin; do
        [[ ! -x $postgres_bin/initdb || ! -x $postgres_bin/postgres ]] || return 0
    done <<<"$candidates"
    postgres_bin=''
    return 1
}

find_redis() {
    redis_server=$(PATH=$PATH:/opt/homebrew/bin:/usr/local/bin:/home/linuxbrew/.linuxbrew/bin command -v redis-server)
}

# Leaves in `missing` the packages of the servers that are neither given nor installed.
find_missing() {
    missing=''
    [[ -n ${TEST_DATABASE_URL:-} ]] || find_postgres || missing+=' postgresql'
    [[ -n ${TEST_REDIS_URL:-} ]] || find_redis || missing+=' redis-server'
}

docker_answers() {
    have docker || return 1
    # An engine that hangs is no engine. Not every system has `timeout`.
    if have timeout; then timeout 10 docker info >/dev/null 2>&1; else docker info >/dev/null 2>&1; fi
}

as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }

install_packages() {
    say "installing with apt-get: $*"
    # The lock makes a second run wait for the first. The inner shell is to expand the arguments.
    # shellcheck disable=SC2016
    as_root flock /var/lib/apt env DEBIAN_FRONTEND=noninteractive sh -c '
        apt-get update -qq && apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
    ' sh "$@" >/dev/null
}

# --- Starting them -------------------------------------------------------------------------------

make_folder() {
    local base=${TMPDIR:-/tmp}
    # A socket's path has room for 107 bytes. As root, TMPDIR may be closed to the database's user.
    if ((EUID == 0)) || ! [[ $base =~ ^/[A-Za-z0-9/._+-]{1,60}$ ]]; then base=/tmp; fi
    folder=$(mktemp -d "${base%/}/contacts-test.XXXXXX")
}

# A port that nobody listens on now, below those that systems give to outgoing connections.
find_free_port() {
    port=$((10000 + RANDOM % 20000))
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        port=$((10000 + RANDOM % 20000))
    done
}

server_is_up() { grep -qs 'eady to accept connections' "$log"; }
server_is_up_or_gone() { server_is_up || ! kill -0 "${servers##* }" 2>/dev/null; }

# start_server NAME COMMAND...: COMMAND ends with the option that a port follows. Leaves it in `port`.
start_server() {
    log=$folder/$1.log
    for _ in 1 2 3 4 5; do
        find_free_port
        # Job control gives the server a process group of its own, which Ctrl-C does not reach: the
        # command that is interrupted may still need it.
        set -m
        "${@:2}" "$port" </dev/null >"$log" 2>&1 &
        servers+=" $!"
        set +m
        if wait_until 60 server_is_up_or_gone && server_is_up; then return; fi
        # Between our look and the server's start another process may take the port: try the next.
        grep -qs 'Address already in use' "$log" || break
    done
    fail_with_log "$1 does not start" cat "$log"
}

# PostgreSQL refuses to run as root. It must not start in a working directory closed to its user.
as_postgres_user() (
    cd "$folder"
    if [[ -z $postgres_user ]]; then exec "$@"; fi
    exec setpriv --reuid="$postgres_user" --regid="$(id -g "$postgres_user")" --clear-groups "$@"
)

start_postgres() {
    if ((EUID == 0)); then
        postgres_user=postgres
        id postgres >/dev/null 2>&1 || postgres_user=nobody
        chown "$postgres_user" "$folder"
    fi
    as_postgres_user "$postgres_bin/initdb" -A trust -E UTF8 --locale=C -U postgres --no-sync -D "$folder/data" \
        >"$folder/initdb.log" 2>&1 || fail_with_log 'initdb fails' cat "$folder/initdb.log"
    start_server PostgreSQL as_postgres_user "$postgres_bin/postgres" -D "$folder/data" "${postgres_settings[@]}" \
        -c listen_addresses=127.0.0.1 -k "$folder" -p
    export TEST_DATABASE_URL="postgres://postgres@127.0.0.1:$port/postgres"
}

start_redis() {
    start_server Redis "$redis_server" --bind 127.0.0.1 --save '' --appendonly no --dir "$folder" --port
    export TEST_REDIS_URL="redis://127.0.0.1:$port"
}

# start_container NAME PORT READY-COMMAND ARGUMENT...: the arguments are those of `docker run`, the image
# among them. Leaves in `address` where the container listens.
start_container() {
    local name="contacts-test-$1-${folder##*.}"
    containers+=" $name"
    docker run --detach --name "$name" --publish "127.0.0.1::$2" "${@:4}" >/dev/null
    # shellcheck disable=SC2086
    wait_until 60 docker exec "$name" $3 >/dev/null 2>&1 ||
        fail_with_log "the container of $1 does not answer" docker logs "$name"
    address=$(docker port "$name" "$2/tcp" | head -n 1)
}

start_postgres_container() {
    # While the image sets itself up it listens on its socket alone, hence the host.
    start_container postgres 5432 'pg_isready -h 127.0.0.1 -U postgres' \
        --env POSTGRES_HOST_AUTH_METHOD=trust postgres:15 "${postgres_settings[@]}"
    export TEST_DATABASE_URL="postgres://postgres@$address/postgres"
}

start_redis_container() {
    start_container redis 6379 'redis-cli ping' redis:7 redis-server --save '' --appendonly no
    export TEST_REDIS_URL="redis://$address"
}

start_services() {
    find_missing
    if [[ -n $missing ]] && ! docker_answers; then
        if have apt-get && as_root true 2>/dev/null; then
            # shellcheck disable=SC2086
            install_packages $missing || true
            find_missing
        fi
        [[ -z $missing ]] ||
            fail "install$missing, or start Docker, or set TEST_DATABASE_URL and TEST_REDIS_URL to servers to test against"
    fi

    make_folder
    if [[ -z ${TEST_DATABASE_URL:-} ]]; then
        if [[ -n $postgres_bin ]]; then start_postgres; else start_postgres_container; fi
    fi
    if [[ -z ${TEST_REDIS_URL:-} ]]; then
        if [[ -n $redis_server ]]; then start_redis; else start_redis_container; fi
    fi
}

# --- The command, and the end --------------------------------------------------------------------

run_command() {
    # At a terminal the command stays in the foreground: it may read, and Ctrl-C reaches it.
    if [[ -t 0 ]]; then
        "$@"
        return
    fi
    # Elsewhere it gets a process group of its own, so that a signal to this script can end all of it.
    set -m
    "$@" <&0 &
    command_pid=$!
    set +m
    wait "$command_pid"
}

group_is_gone() { ! kill -0 -- "-$1" 2>/dev/null; }

# end_group SIGNAL PID: ends a process with all that it has started, however stubborn.
end_group() {
    kill "-$1" -- "-$2" 2>/dev/null || true
    wait_until 10 group_is_gone "$2" || kill -KILL -- "-$2" 2>/dev/null || true
    wait "$2" 2>/dev/null || true
}

stop_services() {
    trap '' INT TERM HUP
    local pid
    # An interrupt is what makes both servers stop at once, but in good order.
    for pid in $servers; do end_group INT "$pid"; done
    # shellcheck disable=SC2086
    [[ -z $containers ]] || docker rm --force --volumes $containers >/dev/null 2>&1 || true
    [[ -z $folder ]] || rm -rf "$folder"
}

# The command ends before its servers do.
interrupted() {
    trap '' INT TERM HUP
    [[ -z $command_pid ]] || end_group TERM "$command_pid"
    exit "$1"
}

(($# > 0)) || fail 'usage: scripts/with-test-services.sh COMMAND [ARGUMENT...]'
trap stop_services EXIT
trap 'interrupted 130' INT
trap 'interrupted 143' TERM
trap 'interrupted 129' HUP
start_services
run_command "$@"
