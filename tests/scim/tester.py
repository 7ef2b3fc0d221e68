"""scim2-tester against one endpoint. Usage: tester.py ENDPOINT TOKEN"""

import sys
from collections import Counter

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server


def main(endpoint: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=endpoint, headers=headers, timeout=30) as http:
        results = check_server(SyncSCIMClient(http))
    counts = Counter(result.status for result in results)
    for result in results:
        if result.status not in (Status.SUCCESS, Status.SKIPPED):
            print(f"{result.status.name} {result.resource_type} {result.title}: {result.reason}")
    print("scim2-tester:", ", ".join(f"{count} {status.name}" for status, count in counts.items()))
    # Too few checks are a server that was not understood, not one without faults.
    bad = [s for s in counts if s not in (Status.SUCCESS, Status.SKIPPED)]
    return 1 if bad or counts[Status.SUCCESS] < 50 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
