"""What docker-compose.yml, the Dockerfile and the proxy's file promise each other and whoever runs them."""

import json
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import yaml

from tests.sources import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
PROXY = (ROOT / "deploy" / "Caddyfile").read_text()
IMAGE = (ROOT / "Dockerfile").read_text()


def conditions(service: str) -> dict[str, str]:
    return {name: wait["condition"] for name, wait in SERVICES[service].get("depends_on", {}).items()}


def test_two_equal_processes_stand_behind_the_proxy() -> None:
    assert SERVICES["app1"] == SERVICES["app2"]
    assert re.findall(r"reverse_proxy (.*) \{", PROXY) == ["app1:8000 app2:8000"]
    assert re.findall(r"BOOKING_PORT=(\d+)", IMAGE) == ["8000"]


@pytest.mark.parametrize("service", ["app1", "app2", "worker"])
def test_program_waits_for_the_database_and_its_tables(service: str) -> None:
    assert conditions(service) == {"database": "service_healthy", "migrate": "service_completed_successfully"}


def test_migration_runs_once_when_the_database_answers() -> None:
    assert (SERVICES["migrate"]["restart"], conditions("migrate")) == ("no", {"database": "service_healthy"})


def test_services_that_stay_come_back_after_a_crash() -> None:
    restarts = {name: service["restart"] for name, service in SERVICES.items() if name != "migrate"}
    others = dict.fromkeys(["proxy", "app1", "app2", "worker", "mail"], "unless-stopped")
    assert restarts == {"database": "always", **others}


def test_every_service_has_an_init_process_and_a_health_check() -> None:
    assert {name for name, service in SERVICES.items() if not service.get("init")} == set()
    inherited = {name for name, service in SERVICES.items() if "healthcheck" not in service}
    assert inherited == {"app1", "app2"}
    assert "/health/ready" in IMAGE.partition("HEALTHCHECK")[2]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy": ["80:80", "443:443", "443:443/udp"], "mail": ["127.0.0.1:8025:8025"]}
    assert (SERVICES["database"]["networks"], COMPOSE["networks"]["data"]["internal"]) == (["data"], True)


def test_program_believes_the_proxy_and_nobody_else() -> None:
    address = SERVICES["proxy"]["networks"]["edge"]["ipv4_address"]
    assert SERVICES["app1"]["environment"]["BOOKING_TRUSTED_PROXIES"] == address


def test_secrets_come_from_files_alone_and_have_no_default() -> None:
    assert COMPOSE["secrets"] == {
        name: {"file": f"./secrets/{name}"} for name in ("booking_secret", "database_password")
    }
    named = {
        key for service in SERVICES.values() for key in service.get("environment", {}) if re.search("SECRET|PASS", key)
    }
    assert named == {"BOOKING_SECRET_FILE", "BOOKING_DATABASE_PASSWORD_FILE", "POSTGRES_PASSWORD_FILE"}
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_database_keeps_its_data_in_a_named_volume() -> None:
    assert SERVICES["database"]["image"] == "postgres:18"
    assert SERVICES["database"]["volumes"] == ["database:/var/lib/postgresql"]


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_health_check_asks_whether_the_program_is_ready(status: int, code: int) -> None:
    class Program(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/ready" else 404)
            self.end_headers()

    command = json.loads(
        re.findall(r"HEALTHCHECK .*? CMD (\[.*?\])$", IMAGE, re.MULTILINE | re.DOTALL)[0].replace("\\\n", "")
    )
    with HTTPServer(("127.0.0.1", 0), Program) as server:
        Thread(target=server.handle_request).start()
        environment = {"BOOKING_PORT": str(server.server_port)}
        done = subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True, check=False)
    assert (command[0], done.returncode) == ("python", code)


def test_image_installs_by_hash_and_does_not_run_as_root() -> None:
    assert re.findall(r"pip install .*", IMAGE)[0].endswith("--require-hashes --requirement /requirements.txt")
    assert re.findall(r"^USER (\d+)$", IMAGE, re.MULTILINE) == ["10001"]


def test_docker_accepts_the_file() -> None:
    if (
        not shutil.which("docker")
        or subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not installed")
    subprocess.run(["docker", "compose", "config", "--quiet"], cwd=ROOT, check=True)
