"""A small center for the tests of the static pages: the contract of INTERFACES.md over one SQLite file.

It runs as a process of its own, so that it can be killed and started again on the same file. What it should
do next stands in `control.json` beside the file, read at every request:

    lose_answers   every n-th answer to a batch is thrown away after it was stored
    lose_ids       of each answer every n-th id is left out
    take_only      only the first n scans of a batch are stored, and named
    slow           seconds before an answer to a batch
    down           batches are not taken at all
    missing        addresses with this text are answered with 503
    cut_off, drill, revoked, places_left, open, day
    unreadable     a payload whose batch is answered with 400
    problems       what the registration form is answered
"""

import itertools
import json
import sqlite3
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dvc_core.tokens.keys import PublicKey
from dvc_core.tokens.picture import decode_image
from dvc_core.tokens.qr import read
from dvc_core.web.kiosk_files import STATIC, routes_of

DATABASE_ID = "11111111-2222-4333-8444-555555555555"
TABLES = """
CREATE TABLE IF NOT EXISTS scan (
    nth INTEGER PRIMARY KEY, command_id TEXT UNIQUE, act TEXT, payload TEXT, number INTEGER, at TEXT,
    device_now TEXT, database_id TEXT, verdict TEXT, flags TEXT, message TEXT);
CREATE TABLE IF NOT EXISTS sent (command_id TEXT);
CREATE TABLE IF NOT EXISTS card (payload TEXT PRIMARY KEY, number INTEGER);
CREATE TABLE IF NOT EXISTS credential (value TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS code (value TEXT PRIMARY KEY, used INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS registration (command_id TEXT PRIMARY KEY, number INTEGER, body TEXT, bearer TEXT);
"""
SKILLS = [
    {"code": "sign_language", "names": {"ja": "手話", "easy": "手話（しゅわ）", "en": "Sign language"}},
    {"code": "nurse", "names": {"ja": "看護師", "easy": "看護師（かんごし）", "en": "Nurse"}},
    {"code": "carpenter", "names": {"ja": "大工", "easy": "大工（だいく）", "en": "Carpenter"}},
]


class FakeCenter:
    """The routes over one folder: `center.sqlite`, `control.json`, `keys.json`, `payloads.json`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers = itertools.count(1)
        self.lock = threading.Lock()
        keys = json.loads((folder / "keys.json").read_text())
        self.keys = [PublicKey.parse(each["key_id"], each["public_key_raw_b64url"]) for each in keys]
        self.spoken_keys = keys
        with closing(self.open()) as db, db:
            db.executescript(TABLES)

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "center.sqlite", timeout=20)

    def control(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "control.json").read_text()))

    def known(self, request: Request) -> bool:
        value = request.headers.get("authorization", "").removeprefix("Bearer ")
        with closing(self.open()) as db:
            return db.execute("SELECT 1 FROM credential WHERE value = ?", [value]).fetchone() is not None

    def enrol(self, request: Request) -> Response:
        code = request.state.json.get("code")
        with closing(self.open()) as db, db:
            if not db.execute("UPDATE code SET used = 1 WHERE value = ? AND used = 0", [code]).rowcount:
                told = {"code": "x", "message": "この登録コードは使えません。", "hint": "新しいコードを。"}
                return JSONResponse({"problems": [told]}, 404)
            db.execute("INSERT INTO credential VALUES (?)", [f"credential-{code}"])
        return JSONResponse(
            {
                "kiosk_id": f"kiosk-{code}",
                "label": "受付1",
                "credential": f"credential-{code}",
                "database_id": DATABASE_ID,
                "council": "13210",
                "drill": self.control().get("drill"),
                "keys": self.spoken_keys,
            }
        )

    def state(self, request: Request) -> Response:
        control = self.control()
        if not self.known(request):
            return JSONResponse({"code": "kiosk-unknown"}, 401)
        if control.get("cut_off"):
            return JSONResponse({"code": "kiosk-revoked"}, 403)
        return JSONResponse(
            {
                "day": control.get("day", "2026-07-30"),
                "label": "受付1",
                "drill": control.get("drill"),
                "keys": self.spoken_keys,
                "revoked": control.get("revoked", []),
                "intake": {"open": control.get("open", True), "places_left": control.get("places_left", 40)},
            }
        )

    def scans(self, request: Request) -> Response:
        control = self.control()
        if not self.known(request):
            return JSONResponse({"code": "kiosk-unknown"}, 401)
        if control.get("down"):
            return Response(status_code=503)
        batch = request.state.json
        if control.get("unreadable") and any(
            s.get("payload") == control["unreadable"] for s in batch["scans"]
        ):
            return JSONResponse({"code": "batch-bad"}, 400)
        with self.lock, closing(self.open()) as db, db:
            results = [
                self.one(db, scan, batch, control) for scan in batch["scans"][: control.get("take_only")]
            ]
        # A slow network: the answer waits for an event that never comes.
        threading.Event().wait(control.get("slow", 0))
        nth = next(self.answers)
        if control.get("lose_answers") and nth % control["lose_answers"] == 0:
            return Response(status_code=502)
        if control.get("lose_ids"):
            results = [each for at, each in enumerate(results, nth) if at % control["lose_ids"]]
        return JSONResponse({"results": results})

    def one(self, db: sqlite3.Connection, scan: dict[str, Any], batch: dict[str, Any], control: Any) -> Any:
        db.execute("INSERT INTO sent VALUES (?)", [scan["command_id"]])
        kept = db.execute(
            "SELECT number, flags, message FROM scan WHERE command_id = ?", [scan["command_id"]]
        ).fetchone()
        if kept:
            return answer(scan, "repeat", kept[0], json.loads(kept[1]), kept[2])
        verdict, number, flags, message = self.judge(db, scan, control)
        db.execute(
            "INSERT INTO scan (command_id, act, payload, number, at, device_now, database_id, verdict, flags,"
            " message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(scan["command_id"], scan["act"], scan.get("payload"), number, scan["at"]),
                *(batch["device_now"], batch.get("database_id"), verdict, json.dumps(flags), message),
            ],
        )
        return answer(scan, verdict, number, flags, message)

    def judge(self, db: sqlite3.Connection, scan: dict[str, Any], control: Any) -> Any:
        if control.get("cut_off"):
            return "review", None, [], "この端末は止められています。記録は残しました。係に知らせてください。"
        number = scan.get("number")
        if "payload" in scan:
            if read(scan["payload"], self.keys).reading != "ours":
                return "review", None, [], "このセンターのカードではありません。係に声をかけてください。"
            found = db.execute("SELECT number FROM card WHERE payload = ?", [scan["payload"]]).fetchone()
            number = found[0] if found else None
        known = db.execute("SELECT 1 FROM card WHERE number = ?", [number]).fetchone()
        if number is None or not known:
            return "review", None, [], "登録のない番号です。係に声をかけてください。"
        if number in control.get("refused", []):
            return "refused", number, [], "保険が確認できません。受付で登録を直してください。"
        again = db.execute(
            "SELECT 1 FROM scan WHERE number = ? AND act = ?", [number, scan["act"]]
        ).fetchone()
        if again:
            return "flagged", number, ["again"], f"{number} 番、同じ記録がもうあります。記録は残しました。"
        return "ok", number, [], f"{number} 番、記録しました。"

    def frame(self, request: Request) -> Response:
        if not self.known(request):
            return JSONResponse({}, 401)
        return JSONResponse({"payloads": decode_image(request.state.body)})

    def options(self, _request: Request) -> Response:
        return JSONResponse({"skills": SKILLS, "drill": self.control().get("drill"), "day": "2026-07-30"})

    def register(self, request: Request) -> Response:
        control, body = self.control(), request.state.json
        bearer = request.headers.get("authorization", "")
        if control.get("cut_off") and bearer:
            return JSONResponse({"code": "kiosk-cut-off"}, 401)
        if control.get("problems"):
            return JSONResponse({"problems": control["problems"]}, 422)
        with self.lock, closing(self.open()) as db, db:
            kept = db.execute(
                "SELECT number, body FROM registration WHERE command_id = ?", [body["command_id"]]
            ).fetchone()
            if kept and json.loads(kept[1]) != body:
                return JSONResponse({"problems": [{"code": "other-content", "message": "別の用紙"}]}, 409)
            number = kept[0] if kept else 1 + db.execute("SELECT count(*) FROM registration").fetchone()[0]
            if not kept:
                db.execute(
                    "INSERT INTO registration VALUES (?, ?, ?, ?)",
                    [body["command_id"], number, json.dumps(body), bearer],
                )
        if control.get("lose_registrations"):
            return Response(status_code=502)
        payload = json.loads((self.folder / "payloads.json").read_text())[number]
        return JSONResponse({"command_id": body["command_id"], "number": number, "payload": payload})


def answer(scan: dict[str, Any], verdict: str, number: int | None, flags: list[str], message: str) -> Any:
    facts = {"verdict": verdict, "number": number, "flags": flags, "message": message}
    refusal = {"code": "insurance-missing", "facts": {}, "message": message} if verdict == "refused" else None
    return {"command_id": scan["command_id"], **facts, "refusal": refusal}


class Bodies(BaseHTTPMiddleware):
    """The routes are plain functions; their bodies are read before."""

    async def dispatch(self, request: Request, call_next: Any) -> Response:
        missing = json.loads((FOLDER / "control.json").read_text()).get("missing")
        if missing and missing in request.url.path:
            return Response(status_code=503)
        if request.method == "POST" and request.url.path.startswith("/api/"):
            request.state.body = await request.body()
            if request.headers.get("content-type") == "application/json":
                request.state.json = json.loads(request.state.body)
        answered: Response = await call_next(request)
        return answered


FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ".")


def app_of(folder: Path, static: Path) -> Starlette:
    center = FakeCenter(folder)
    routes = [
        *routes_of(static),
        Route("/api/kiosk/enrol", center.enrol, methods=["POST"]),
        Route("/api/kiosk/state", center.state),
        Route("/api/scans", center.scans, methods=["POST"]),
        Route("/api/scans/frame", center.frame, methods=["POST"]),
        Route("/api/register/options", center.options),
        Route("/api/registrations", center.register, methods=["POST"]),
        Route("/ready", lambda _request: JSONResponse({"at": datetime.now(UTC).isoformat()})),
    ]
    app = Starlette(routes=routes)
    app.add_middleware(Bodies)
    return app


def main() -> None:
    port = int(sys.argv[2])
    static = Path(sys.argv[3]) if len(sys.argv) > 3 else STATIC
    uvicorn.run(app_of(FOLDER, static), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
