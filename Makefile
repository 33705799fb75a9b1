PYTHON ?= python3
APP := .venv/bin
RASA := RASA_TELEMETRY_ENABLED=false LOG_LEVEL=WARNING TF_CPP_MIN_LOG_LEVEL=3 PYTHONWARNINGS=ignore PYTHONPATH=. \
	../.venv-rasa/bin/python -m rasa
MAKEFLAGS += --no-print-directory

.PHONY: run test setup lint validate clean

run: setup ## Start the dialogue server and the application
	@$(APP)/puente run

setup: ## Make or update both environments
	@$(PYTHON) scripts/setup.py

test: lint validate ## Everything that must pass
	@$(APP)/python -m pytest -q

lint: setup
	@$(APP)/ruff check .
	@$(APP)/mypy

validate: setup
	@$(APP)/puente check --at-least 20
	@$(APP)/puente build
	@cd bot && output=$$($(RASA) data validate --fail-on-warnings --config ../config.yml --domain domain.yml \
		--data data $$(test -d ../data/dialogue/training && echo ../data/dialogue/training) 2>&1) \
		|| { echo "$$output"; exit 1; }
	@echo "rasa data validate: no faults"

clean: ## Remove the environments and caches; the data folder stays
	rm -rf .venv .venv-rasa .setup.lock *.egg-info build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
