# syntax=docker/dockerfile:1
# One image for every role of ser: scheduler, worker, dashboard and command line. For CPUs by default, for CUDA with --build-arg TORCH=cuda.
ARG DOTNET=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
ARG TORCH=cpu
WORKDIR /source
COPY . .
RUN dotnet publish src/Ser.Cli -c Release -o /app -p:Torch=${TORCH} -p:UseAppHost=false -nologo

# The libstdc++ of this image is recent enough for libtorch. CUDA's libraries come with libtorch, the driver from the host.
FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET}
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsndfile1 libgomp1 curl \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o app -g app /data
ENV DOTNET_NOLOGO=1 SER_DATA=/data NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=build /app /opt/ser
COPY experiments /opt/ser/experiments
USER app
WORKDIR /data
VOLUME /data
ENTRYPOINT ["dotnet", "/opt/ser/ser.dll"]
CMD ["--help"]
