# The exporter on Debian 12, with the C libraries that it is linked with and nothing else. `make image-check` builds the
# same root without a container engine and tries it.
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
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ai-benchmark-exporter" \
      org.opencontainers.image.description="Keeps benchmarking an AI service and tells Prometheus about it" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
COPY Scripts/run-stage-packages /tmp/
RUN apt-get update \
    && xargs --arg-file=/tmp/run-stage-packages apt-get install --yes --no-install-recommends \
    && rm -rf /var/lib/apt/lists/* /tmp/run-stage-packages \
    && useradd --system --uid 10300 --home-dir /var/lib/ai-benchmark-exporter --create-home exporter
COPY --from=build /source/.build/release/ai-benchmark-exporter /usr/bin/
USER 10300:10300
# The SQLite store and the marks of durability; the root file system may be read-only. The configuration is looked for
# here and in /etc/ai-benchmark-exporter.
WORKDIR /var/lib/ai-benchmark-exporter
VOLUME /var/lib/ai-benchmark-exporter
EXPOSE 10300
HEALTHCHECK CMD ["/usr/bin/ai-benchmark-exporter", "healthcheck"]
ENTRYPOINT ["/usr/bin/ai-benchmark-exporter"]
