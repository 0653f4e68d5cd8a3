# The exporter on Debian 12, with the C libraries that it is linked with and nothing else.
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make
WORKDIR /source
COPY Scripts Scripts
RUN Scripts/install-dependencies build
COPY Package.* ./
RUN swift package resolve
COPY Makefile ./
COPY Sources Sources
COPY Tests Tests
RUN make release && strip .build/release/ai-benchmark-exporter

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libhiredis0.14 zlib1g libsqlite3-0 ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10300 --home-dir /var/lib/ai-benchmark-exporter --create-home exporter
COPY --from=build /source/.build/release/ai-benchmark-exporter /usr/bin/
USER exporter
# The SQLite store and the marks of durability; the configuration is looked for here and in /etc/ai-benchmark-exporter.
WORKDIR /var/lib/ai-benchmark-exporter
VOLUME /var/lib/ai-benchmark-exporter
EXPOSE 10300
HEALTHCHECK CMD ["/usr/bin/ai-benchmark-exporter", "healthcheck"]
ENTRYPOINT ["/usr/bin/ai-benchmark-exporter"]
