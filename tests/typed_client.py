"""A class teacher's work with the client that is generated from models/openapi.json: ADDRESS LIST."""

import io
import sys
import zipfile
from pathlib import Path

from fenzu_client import Client
from fenzu_client.api.lists import post_v1_lists
from fenzu_client.api.models import get_v1_models
from fenzu_client.api.plans import get_v1_plans_id, post_v1_plans, post_v1_plans_id_moves
from fenzu_client.api.schools import delete_v1_schools_me_data, get_v1_schools_me_data
from fenzu_client.models import ListForm, MovesRequest, PlanRequest, Plan, Problem, State, Swap
from fenzu_client.types import File

address, path = sys.argv[1], Path(sys.argv[2])
client = Client(base_url=address, headers={"Accept-Language": "en"}, raise_on_unexpected_status=True)

models = get_v1_models.sync(client=client)
assert "class-division" in [model.name for model in models.models], models

upload = ListForm(file=File(payload=io.BytesIO(path.read_bytes()), file_name=path.name))
kept = post_v1_lists.sync(client=client, body=upload)
assert kept.students == 50, kept

asked = post_v1_plans.sync(client=client, body=PlanRequest(list_=kept.id, groups=5), prefer="wait=30")
assert asked.state == State.DONE, asked
plan = asked.plan
assert isinstance(plan, Plan) and plan.status in ("optimal", "feasible"), plan
assert sorted(len(group.students) for group in plan.groups) == [10] * 5
assert plan.goals[0].proved and plan.goals[0].value == plan.goals[0].bound

swap = Swap(swap=[plan.groups[0].students[0], plan.groups[1].students[0]])
moved = post_v1_plans_id_moves.sync(client=client, id=asked.id, body=MovesRequest(moves=[swap], apply=True))
child = get_v1_plans_id.sync(client=client, id=moved.plan)
assert child.parent == asked.id and child.plan.groups[1].students != plan.groups[1].students

refused = post_v1_plans.sync(client=client, body=PlanRequest(list_=kept.id, groups=51))
assert isinstance(refused, Problem) and refused.status == 422 and refused.faults, refused

own = get_v1_schools_me_data.sync(client=client)
assert zipfile.ZipFile(own.payload).namelist()
erased = delete_v1_schools_me_data.sync(client=client)
assert erased.plans == 2, erased
gone = get_v1_plans_id.sync(client=client, id=asked.id)
assert isinstance(gone, Problem) and gone.status == 404, gone
