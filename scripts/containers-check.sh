#!/usr/bin/env bash
# Checks what can be checked of the Dockerfile and the Compose files without a container engine. Nothing is built or
# run.
#
#   scripts/containers-check.sh
#
# Tools are taken from the PATH, or else from a virtual environment of Python, into which the versions of
# scripts/containers-check/requirements.txt are installed the first time. What cannot be checked for want of a tool is
# named at the end, and is no failure.
# The checks call their functions by name.
# shellcheck disable=SC2317
set -euo pipefail
cd "$(dirname "$0")/.."

configuration=$PWD/scripts/containers-check
kept=$PWD/target/containers-check
files=(docker-compose.yml docker-compose.sqlite.yml)
secrets=(POSTGRES_PASSWORD JWT_SECRET PASSWORD_PEPPER)
secret=of-the-check

failed=0 missing=()

say() { printf 'containers-check: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
want() { missing+=("$1, which needs $2"); }

# check WHAT COMMAND...: COMMAND says itself what it does not like.
check() {
    if "${@:2}"; then say "ok: $1"; else failed=1 && say "FAILED: $1"; fi
}

install_tools() {
    local installed=$kept/requirements.txt
    mkdir -p "$kept"
    # After what the caller has, so that an installed tool is preferred.
    PATH=$PATH:$kept/venv/bin
    if cmp -s "$configuration/requirements.txt" "$installed"; then return; fi
    say 'installing hadolint, check-jsonschema and podman-compose into target/containers-check'
    rm -rf "$kept/venv" "$installed"
    if python3 -m venv "$kept/venv" && "$kept/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --requirement "$configuration/requirements.txt"; then
        cp "$configuration/requirements.txt" "$installed"
    else
        say 'they cannot be installed; what is on the PATH is used (Python 3.11 or later is needed, with venv)'
    fi
}

# --- Compose -------------------------------------------------------------------------------------

# resolve FILE ENVIRONMENT...: FILE with each variable in its place, as the engine would be given it.
resolve() {
    local file=$1
    shift
    # Neither the caller's variables nor an .env beside the file count.
    if docker compose version >/dev/null 2>&1; then
        env -i PATH="$PATH" HOME="$kept" "$@" docker compose --env-file /dev/null --profile '*' --file "$file" config
    else
        # To resolve a file podman-compose needs no podman, but wants to hear its version.
        printf '#!/bin/sh\necho podman version 5.0.0\n' >"$kept/podman" && chmod +x "$kept/podman"
        env -i PATH="$PATH" HOME="$kept" "$@" podman-compose --podman-path "$kept/podman" --env-file /dev/null \
            --profile dev --file "$file" config
    fi
}

resolves() {
    resolve "$1" "${secrets[@]/%/=$secret}" >"$kept/$1" 2>"$kept/$1.log" || { cat "$kept/$1.log" >&2 && return 1; }
}

# Compose refuses to start before somebody has chosen each secret that FILE takes from a variable.
has_no_default_secret() {
    local name others
    for name in "${secrets[@]}"; do
        grep -q "\${$name" "$1" || continue
        others=("${secrets[@]/$name/UNUSED}")
        if resolve "$1" "${others[@]/%/=$secret}" >/dev/null 2>"$kept/$1.log"; then
            say "$1: nobody has to choose $name" && return 1
        fi
        grep -q "$name" "$kept/$1.log" || { cat "$kept/$1.log" >&2 && return 1; }
    done
}

# --- The checks ----------------------------------------------------------------------------------

install_tools

if have hadolint; then
    check "Dockerfile: hadolint finds nothing" hadolint Dockerfile
else
    want 'lint of the Dockerfile' hadolint
fi

for file in "${files[@]}"; do
    if have check-jsonschema; then
        check "$file: valid by the schema of the Compose Specification" \
            check-jsonschema --quiet --builtin-schema vendor.compose-spec "$file"
    else
        want "validation of $file" check-jsonschema
    fi
    if docker compose version >/dev/null 2>&1 || have podman-compose; then
        check "$file: every variable and merged key resolves" resolves "$file"
        check "$file: no secret has a default" has_no_default_secret "$file"
        [[ ! -x $kept/venv/bin/python ]] ||
            check "$file: each service is confined" \
                "$kept/venv/bin/python" "$configuration/house_rules.py" "$kept/$file"
    else
        want "resolution of $file" 'docker compose or podman-compose'
    fi
done

for what in ${missing[@]+"${missing[@]}"}; do say "not checked: $what"; done
say 'not checked here: whether the image builds, and whether the services start; that needs an engine'
exit "$failed"
