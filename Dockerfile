# syntax=docker/dockerfile:1

# Handover in an image of its own: the one binary and the C library, no compiler, no shell, no package manager, no data.
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
# Beside the program, what the base below lacks of what it loads, and an empty folder for its account.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin handover \
    && mkdir -p /image/usr/local/bin /data \
    && cp target/release/handover /image/usr/local/bin/ \
    && cp --parents /usr/lib/*-linux-gnu/libgcc_s.so.1 /image/

# The C library, time zones (business days and dates are counted in the reseller's own) and certificates. No shell and no pg_dump: `handover backup` runs from elsewhere
# (docs/OPERATIONS.md).
FROM gcr.io/distroless/base-nossl-debian12
COPY --from=build /image /
COPY --from=build --chown=10001:10001 /data /var/lib/handover
USER 10001:10001
WORKDIR /var/lib/handover
# An image that is started somewhere without settings must refuse rather than serve invented data.
ENV HANDOVER__MODE=production \
    HANDOVER__DATA_DIR=/var/lib/handover \
    HANDOVER__HTTP__HOST=0.0.0.0
VOLUME /var/lib/handover
EXPOSE 8080
# Whether the process answers; whether its database does is for /health/ready and whoever watches it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["/usr/local/bin/handover", "health"]
ENTRYPOINT ["/usr/local/bin/handover"]
CMD ["serve"]
