# fenzu as an image: `docker build -t fenzu .`, then
#   docker run -p 127.0.0.1:8080:8080 -v fenzu:/data fenzu token create --school 一中 --database sqlite:/data/fenzu.db
#   docker run -p 127.0.0.1:8080:8080 -v fenzu:/data fenzu
# Untested: no machine of the project runs Docker. The steps of the first stage are those of `make dist` on Debian, which are tested.
FROM rust:1-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake libclang-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /fenzu
COPY . .
RUN make dist

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libstdc++6 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --home-dir /data --create-home fenzu
COPY --from=build /fenzu/target/dist/fenzu /usr/local/bin/fenzu
USER fenzu
VOLUME /data
EXPOSE 8080
ENV FENZU_LISTEN=0.0.0.0:8080 FENZU_DATABASE=sqlite:/data/fenzu.db FENZU_LOG=json FENZU_LANG=zh
# The image has no curl; bash speaks enough HTTP.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["fenzu"]
CMD ["serve"]
