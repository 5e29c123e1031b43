# syntax=docker/dockerfile:1

# Handover in an image of its own: the one binary, no compiler, no shell account, no data.
#   docker build --tag handover .
# It brings no PostgreSQL, so it needs HANDOVER__DATABASE__URL; it runs in production mode unless told. docs/OPERATIONS.md says what else.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# Queries are checked against the descriptions in .sqlx: the build needs no database.
ENV SQLX_OFFLINE=true
# Said by `handover --version`: docker build --build-arg HANDOVER_COMMIT=$(git rev-parse --short HEAD)
ARG HANDOVER_COMMIT=""
ENV HANDOVER_COMMIT=$HANDOVER_COMMIT
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin handover \
    && cp target/release/handover /handover

FROM debian:bookworm-slim
# Time zones: business days and dates are counted in the reseller's own. pg_dump and pg_restore: for `handover backup` and `restore`.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/handover --shell /usr/sbin/nologin handover
COPY --from=build /handover /usr/local/bin/handover
USER 10001:10001
WORKDIR /var/lib/handover
# An image that is started somewhere without settings must refuse rather than serve invented data.
ENV HANDOVER__MODE=production \
    HANDOVER__DATA_DIR=/var/lib/handover \
    HANDOVER__HTTP__HOST=0.0.0.0
VOLUME /var/lib/handover
EXPOSE 8080
# Whether the process answers; whether its database does is for /health/ready and whoever watches it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/\"${HANDOVER__HTTP__PORT:-8080}\" && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["handover"]
CMD ["serve"]
