"""A caller of one service's HTTP interface, as any other system would be."""

from typing import Any

import requests


class CallRefused(Exception):
    """The service refused; ``status`` and the problem's detail say why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


class Client:
    """One keep-alive connection to a service. Every call raises CallRefused on a status of 400 and above."""

    def __init__(self, base: str, token: str | None) -> None:
        self._base = base
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: Any) -> Any:
        """The reply to a GET as plain JSON types."""
        return self._checked(self._session.get(self._base + path, params=query, timeout=60))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The reply to a POST as plain JSON types."""
        return self._checked(self._session.post(self._base + path, json=body or {}, timeout=60))

    def send_file(self, path: str, content: bytes, headers: dict[str, str]) -> Any:
        """The reply to a POST whose body is a file, whose type the ``headers`` say, as plain JSON types."""
        return self._checked(self._session.post(self._base + path, data=content, headers=headers, timeout=60))

    @staticmethod
    def _checked(response: requests.Response) -> Any:
        if response.status_code >= 400:
            try:
                problem = response.json()
                detail = f"{problem.get('detail')} {problem.get('errors', '')}".strip()
            except ValueError:
                detail = response.text[:200]
            raise CallRefused(response.status_code, detail)
        return response.json()
