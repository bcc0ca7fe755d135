# The program and exactly the dependencies of requirements/run.txt. `docker compose up` (docker-compose.yml) runs it
# with all that it needs; alone it wants BOOKING_DATABASE_URL, BOOKING_SECRET_FILE and BOOKING_PUBLIC_URL.
FROM python:3.13-slim-bookworm AS dependencies
COPY requirements/run.txt /requirements.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement /requirements.txt

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home booking
COPY --from=dependencies /opt/venv /opt/venv
WORKDIR /app
COPY migrations migrations
COPY booking booking
RUN /opt/venv/bin/python -m compileall -q booking
USER 10001
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BOOKING_HOST=0.0.0.0 \
    BOOKING_PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-c", \
  "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"BOOKING_PORT\"]}/health/ready', timeout=4)"]
ENTRYPOINT ["python", "-m", "booking"]
CMD ["serve"]
