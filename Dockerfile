# Two stages: build a virtual environment from the pinned requirements, then carry only that.
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/leefbaarheid
COPY requirements.txt .
RUN /opt/leefbaarheid/bin/pip install --no-cache-dir -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY service service
COPY schema schema
COPY db db
RUN /opt/leefbaarheid/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="leefbaarheid" \
      org.opencontainers.image.licenses="EUPL-1.2"
RUN useradd --uid 10001 --create-home leefbaarheid \
    && install -d -o leefbaarheid -g leefbaarheid /var/lib/leefbaarheid
COPY --from=build /opt/leefbaarheid /opt/leefbaarheid
ENV PATH=/opt/leefbaarheid/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LEEFBAARHEID_HOST=0.0.0.0 \
    LEEFBAARHEID_DATA_DIR=/var/lib/leefbaarheid
USER 10001
VOLUME /var/lib/leefbaarheid
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["leefbaarheid"]
CMD ["up"]
