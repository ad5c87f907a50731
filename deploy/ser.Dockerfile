# syntax=docker/dockerfile:1
# Two images. Only the worker's has libtorch:
#   docker build -f deploy/ser.Dockerfile --target server -t ser-server .
#   docker build -f deploy/ser.Dockerfile --target worker -t ser-worker-cpu .       for CUDA: --build-arg TORCH=cuda
ARG DOTNET=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS source
WORKDIR /source
COPY . .

FROM source AS build-server
RUN dotnet publish src/Ser.Server -c Release -o /app -p:UseAppHost=false -nologo

FROM source AS build-worker
ARG TORCH=cpu
RUN dotnet publish src/Ser.Cli -c Release -o /app -p:Torch=${TORCH} -p:UseAppHost=false -nologo

# libsndfile opens recordings that the dashboard reads for a plan and that a worker trains on. curl is for health checks.
FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET} AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsndfile1 curl \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o app -g app /data
ENV DOTNET_NOLOGO=1 SER_DATA=/data
WORKDIR /data
VOLUME /data
CMD ["--help"]

# Scheduler and dashboard.
FROM base AS server
COPY --from=build-server /app /opt/ser
USER app
ENTRYPOINT ["dotnet", "/opt/ser/ser-server.dll"]

# Worker and command line. The libstdc++ of this image is recent enough for libtorch. CUDA's libraries come with libtorch,
# the driver from the host.
FROM base AS worker
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=build-worker /app /opt/ser
COPY experiments /opt/ser/experiments
USER app
ENTRYPOINT ["dotnet", "/opt/ser/ser.dll"]
