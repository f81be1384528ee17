#!/usr/bin/env bash
# Proves the dependency rule: who may see whom, and what must stay out of reach, directly or through
# others. It asks cargo for each crate's normal dependencies with all its features, so that no feature
# can break the rule. Tests may use more (dev-dependencies), and macros run in the compiler alone.
set -euo pipefail
cd "$(dirname "$0")/.."

# crate              | crates of this workspace it may see  | crates it must not reach
rules='
contacts-domain      |                                      | tokio serde rand diesel tokio-postgres redis actix-web reqwest
contacts-application | contacts-domain                      | tokio rand diesel tokio-postgres redis actix-web reqwest
contacts-contract    | contacts-domain                      | diesel tokio-postgres redis actix-web reqwest
contacts-diesel      | contacts-domain                      | redis actix-web reqwest
contacts-redis       | contacts-domain                      | diesel tokio-postgres actix-web reqwest
contacts-memory      | contacts-domain                      | diesel tokio-postgres redis actix-web reqwest
contacts-metrics     | contacts-domain                      | diesel tokio-postgres redis actix-web reqwest
contacts-smtp        | contacts-domain                      | diesel tokio-postgres redis actix-web reqwest
contacts-imaging     | contacts-domain                      | diesel tokio-postgres redis actix-web reqwest
contacts-local-media | contacts-domain                      | diesel tokio-postgres redis actix-web reqwest
contacts-cloudinary  | contacts-domain                      | diesel tokio-postgres redis actix-web
contacts-security    | contacts-domain                      | diesel tokio-postgres redis actix-web reqwest
contacts-http        | contacts-application contacts-domain | diesel tokio-postgres redis reqwest moka bcrypt jsonwebtoken
contacts-server      | *                                    |
'

broken=0

complain() {
    printf 'BROKEN: %s\n' "$*" >&2
    broken=1
}

# Prints `name version` of what cargo tree lists. A crate that cargo does not know ends the script.
list() {
    cargo tree --quiet --locked -e normal,no-proc-macro --all-features --prefix none -f '{p}' "$@" |
        awk 'NF { print $1, substr($2, 2) }' | sort -u
}

contains() { [[ " $1 " == *" $2 "* ]]; }

# Whether the rule for $1, which allows $2 and forbids $3, lets it reach $4.
permits() {
    local crate=$1 allowed=$2 forbidden=$3 reached=$4
    if contains "$members" "$reached"; then
        [[ $reached == "$crate" || $allowed == '*' ]] || contains "$allowed" "$reached"
    else
        if contains "$forbidden" "$reached"; then return 1; fi
    fi
}

check() {
    local crate=$1 allowed=$2 forbidden=$3 reached version tree name
    printf '%s may see: %s; must not reach: %s\n' "$crate" "${allowed:-none}" "${forbidden:--}"
    for name in ${allowed//\*/} $forbidden; do
        # A rule about a crate that does not exist would hold for ever, and prove nothing.
        contains "$known" "$name" || complain "the rule for $crate names $name, which is not in Cargo.lock"
    done
    tree=$(list -p "$crate")
    while read -r reached version; do
        permits "$crate" "$allowed" "$forbidden" "$reached" && continue
        complain "$crate must not see $reached, but it does:"
        cargo tree --quiet --locked -e normal,no-proc-macro --all-features -p "$crate" -i "$reached@$version" >&2
    done <<<"$tree"
}

# One word for each, between spaces.
members=$(list --workspace --depth 0 | awk '{ printf "%s ", $1 }')
known=$(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.lock | tr '\n' ' ')
ruled=$(awk 'NF { printf "%s ", $1 }' <<<"$rules")

for crate in $members; do
    contains "$ruled" "$crate" || complain "no rule mentions $crate: give it a line in scripts/check-dependency-rules.sh"
done

while IFS='|' read -r crate allowed forbidden; do
    read -r crate <<<"$crate"
    read -r allowed <<<"$allowed"
    read -r forbidden <<<"$forbidden"
    if [[ -z $crate ]]; then
        continue
    elif contains "$members" "$crate"; then
        check "$crate" "$allowed" "$forbidden"
    else
        complain "a rule mentions $crate, which is not a crate of this workspace"
    fi
done <<<"$rules"

exit "$broken"
