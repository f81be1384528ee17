# syntax=docker/dockerfile:1
# One static binary in an empty image. docs/operations/containers.md says how to use it, and what of it was tried.

FROM rust:1.95-alpine AS build

# The compiler is for aws-lc, SQLite and mimalloc, which are written in C. aws-lc reads <linux/random.h>, which musl
# does not bring. It needs neither cmake nor bindgen here: its sources bring the bindings for musl on both x86_64 and
# aarch64. Versions are those of the base image's release of Alpine, which keeps only the newest of each package.
# hadolint ignore=DL3018
RUN apk add --no-cache ca-certificates gcc linux-headers musl-dev

WORKDIR /src
COPY . .

# As in `make release`. On this image the host's target is musl, which links statically.
ENV LIBSQLITE3_FLAGS="-DSQLITE_THREADSAFE=2 -DSQLITE_DEFAULT_MEMSTATUS=0"
# A cache is no part of the image: what is kept of it is copied out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked -p contacts-server \
    && install -D -m 0755 target/release/contacts /image/contacts \
    && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt \
    && mkdir /data

FROM scratch

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Contacts" \
      org.opencontainers.image.description="An address book server" \
      org.opencontainers.image.licenses="GPL-3.0-or-later" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# The certificates are for Cloudinary: its client trusts the authorities of the system. SMTP, PostgreSQL and Redis trust
# those that are compiled in.
COPY --from=build /image /
# A new volume takes its owner from here.
COPY --from=build --chown=65532:65532 /data /data

# Nothing starts as root. The number has no name, for there is no /etc/passwd.
USER 65532:65532

# An image whose binary does not run on its own is not built.
RUN ["/contacts", "--version"]

# What SQLite cannot keep in memory goes where it may write when the root file system is read-only.
ENV BIND_ADDRESS=0.0.0.0:8000 \
    DATA_DIR=/data \
    SQLITE_TMPDIR=/data

VOLUME /data
WORKDIR /data
EXPOSE 8000

# Liveness: the process answers. Whether its database does is said by /readyz, which is for load balancers.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/contacts", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/contacts"]
CMD ["serve"]
