"""What every service of our Compose files keeps to. Prints each breach; the arguments are resolved files.

They come resolved, with every variable and every merged key in its place, so that it does not matter how a file says
what it says. PASSWORD is the value that the caller gave every secret: it may stand nowhere but in the environment.
"""

import sys

import yaml

PASSWORD = "of-the-check"


def breaches(services):
    for name, service in services.items():
        if service.get("read_only") is not True:
            yield f"{name}: its root file system can be written"
        if service.get("cap_drop") != ["ALL"] or service.get("cap_add"):
            yield f"{name}: it keeps capabilities"
        if "no-new-privileges:true" not in service.get("security_opt", []):
            yield f"{name}: a program in it may gain privileges"
        if service.get("privileged") or service.get("network_mode") == "host":
            yield f"{name}: it is not confined"
        for port in service.get("ports", []):
            # docker compose writes an object, podman-compose what the file says.
            host = port.get("host_ip") if isinstance(port, dict) else str(port).rpartition(":")[0].rpartition(":")[0]
            if host != "127.0.0.1":
                yield f"{name}: the port {port} is open to other machines"
        for key, value in environment(service).items():
            if any(word in key for word in ("PASSWORD", "SECRET", "PEPPER")) and value != PASSWORD:
                yield f"{name}: {key} does not come from outside"
        image = service.get("image", "")
        if "build" not in service and ":" not in image.rpartition("/")[2]:
            yield f"{name}: the image {image} has no version"


def environment(service):
    given = service.get("environment") or {}
    return given if isinstance(given, dict) else dict(entry.partition("=")[::2] for entry in given)


def main(paths):
    found = False
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for breach in breaches(yaml.safe_load(file)["services"]):
                found = True
                print(f"{path}: {breach}", file=sys.stderr)
    return found


sys.exit(main(sys.argv[1:]))
