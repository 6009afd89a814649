"""A command-line shell over the stock python-tuf client; the contract is in ../README.md."""

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path

from securesystemslib.formats import encode_canonical
from tuf.api.exceptions import DownloadLengthMismatchError, RepositoryError
from tuf.api.metadata import Delegations
from tuf.ngclient import Updater, UpdaterConfig

NOT_FOUND = 3
REFUSED = 4
FAILED = 1


def main() -> int:
    try:
        options = parse_arguments()
        return options.command(options)
    except (RepositoryError, DownloadLengthMismatchError) as error:
        return complain(REFUSED, error)
    except Exception as error:
        return complain(FAILED, error)


def init(options: argparse.Namespace) -> int:
    Path(options.dir).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(options.root, Path(options.dir, "root.json"))
    return 0


def refresh(options: argparse.Namespace) -> int:
    updater(options).refresh()
    roles = ("root", "timestamp", "snapshot", "targets")
    print(json.dumps({role: trusted_version(options, role) for role in roles}))
    return 0


def download(options: argparse.Namespace) -> int:
    client = updater(options)
    client.refresh()
    target = client.get_targetinfo(options.target)
    if target is None:
        return complain(NOT_FOUND, f"target {options.target} not found")
    client.download_target(target, options.out, options.targets_url)
    content = Path(options.out).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    print(json.dumps({"path": options.target, "length": len(content), "sha256": sha256}))
    return 0


def match(options: argparse.Namespace) -> int:
    questions = json.loads(Path(options.file).read_text(encoding="utf-8"))
    print(json.dumps([is_delegated(question) for question in questions]))
    return 0


def canonical(options: argparse.Namespace) -> int:
    values = json.loads(Path(options.file).read_text(encoding="utf-8"))
    print(json.dumps([encode_canonical(value).encode("utf-8").hex() for value in values]))
    return 0


def is_delegated(question: dict) -> bool | None:
    role = {"name": "asked", "keyids": [], "threshold": 1, "terminating": False}
    if "prefix" in question:
        role["path_hash_prefixes"] = [question["prefix"]]
    else:
        role["paths"] = [question["pattern"]]
    try:
        delegations = Delegations.from_dict({"keys": {}, "roles": [role]})
    except ValueError:
        return None
    return any(delegations.get_roles_for_target(question["path"]))


def updater(options: argparse.Namespace) -> Updater:
    hash_prefix = not getattr(options, "no_hash_prefix", False)
    config = UpdaterConfig(prefix_targets_with_hash=hash_prefix)
    # The root that init trusted, or its newest successor, is the anchor: state lives in --dir alone.
    return Updater(options.dir, options.metadata_url, config=config, bootstrap=None)


def trusted_version(options: argparse.Namespace, role: str) -> int:
    return json.loads(Path(options.dir, f"{role}.json").read_bytes())["signed"]["version"]


def parse_arguments() -> argparse.Namespace:
    parser = ArgumentParser(prog="client.py")
    commands = parser.add_subparsers(required=True)
    for command, names in (
        (init, ("dir", "root")),
        (refresh, ("dir", "metadata-url")),
        (download, ("dir", "metadata-url", "targets-url", "target", "out")),
        (match, ("file",)),
        (canonical, ("file",)),
    ):
        subparser = commands.add_parser(command.__name__)
        subparser.set_defaults(command=command)
        for name in names:
            subparser.add_argument(f"--{name}", required=True)
    subparser.add_argument("--no-hash-prefix", action="store_true")
    return parser.parse_args()


class ArgumentParser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        # argparse would exit with 2, which the contract does not know.
        raise ValueError(message)


def complain(exit_code: int, reason: object) -> int:
    print(" ".join(str(reason).split()) or type(reason).__name__, file=sys.stderr)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
