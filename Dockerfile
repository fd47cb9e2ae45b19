# The program without a database of its own: give it DATABASE_URL (compose.yaml does).
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Scripts stay off: they would bring a Node, a PostgreSQL and a browser. The build tools' binaries are optional packages.
RUN npm ci --ignore-scripts
COPY . .
RUN node node_modules/vite/bin/vite.js build && npm prune --omit=dev --omit=optional --ignore-scripts && rm -rf node_modules/node

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 REDRESS_DATA=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/db ./db
COPY --from=build /app/src ./src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# The limits of src/kit/setup/heap.mjs.
ENTRYPOINT ["node", "--max-old-space-size=1024", "--max-semi-space-size=8", "src/main.ts"]
# Open to the network, so without the demo: its passwords are published ("all --demo" to try it).
CMD ["all", "--empty"]
