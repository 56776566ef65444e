# The panel, as `cloud_function/deploy.sh panel` brings it to Cloud Run, and the job for large
# requests, which `cloud_function/deploy.sh job` starts with another command.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MRHEALTH_HOME=/home/panel/data \
    PORT=8080

RUN useradd --create-home --uid 10001 panel
WORKDIR /home/panel/app

COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements.txt

COPY .streamlit/config.toml .streamlit/config.toml
COPY core core
COPY ui ui
COPY pages pages
COPY scripts scripts
COPY app.py ./

USER panel
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["sh", "-c", "exec python -c \"import urllib.request as r; r.urlopen('http://127.0.0.1:$PORT/_stcore/health', timeout=4)\""]
CMD ["sh", "-c", "exec python -m streamlit run app.py --server.headless=true --server.address=0.0.0.0 --server.port=$PORT"]
