"""What Linux tells of a process: the processor's time it took, the memory it has; nothing on other systems."""

from pathlib import Path

PROCESSES = Path("/proc")


def worker_of(process: int) -> int:
    """The largest child of a server's main process, which does its work; the process itself when it has none."""
    children = PROCESSES / str(process) / "task" / str(process) / "children"
    found = [int(one) for one in children.read_text().split()] if children.exists() else []
    return max(found, key=resident, default=process)


def cpu_seconds(process: int) -> float:
    """The processor's time that all threads of the process took so far."""
    tasks = (PROCESSES / str(process) / "task").glob("*/schedstat")
    return sum(int(one.read_text().split()[0]) for one in tasks) / 1e9


def resident(process: int) -> int:
    """The bytes it has in memory."""
    status = PROCESSES / str(process) / "status"
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)
