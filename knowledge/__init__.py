"""What the assistant knows: the plan as typed, bilingual, sourced data, and the question bank beside it.

`load_plan` reads a plan folder, `check_plan` reports every fault in it; nothing here imports the other packages.
"""

from knowledge.loading import PlanError, default_plan_folder, load_plan
from knowledge.models import LOCALES, Bilingual, Locale, Node, Plan

__all__ = ["LOCALES", "Bilingual", "Locale", "Node", "Plan", "PlanError", "default_plan_folder", "load_plan"]
