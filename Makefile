# Each target is one script in tools/. Variables: PORT=8070, DATA=folder, T=part, FULL=1.
.DEFAULT_GOAL := help
.PHONY: help run test platform-test lint bench accuracy load reset stop shell psql log

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/' | column -t -s:

run: ## serve Odoo with the addon and its demo company (PORT=…, DATA=folder)
	@tools/run

test: ## all tests of the addon (T=part for one part)
	@tools/test

platform-test: ## Odoo's own CRM suites with the addon installed
	@tools/platform-test

lint: ## every linter
	@tools/lint

bench: ## ratios against plain Odoo (FULL=1 up to a million opportunities)
	@tools/bench

accuracy: ## how good the forecasts are, on real data (DATA=folder)
	@tools/accuracy

load: ## load real data into the database of DATA=folder
	@tools/load/run

reset: ## drop the databases that `make run` made
	@tools/reset

stop: ## stop Odoo and the private PostgreSQL
	@tools/stop

shell: ## Odoo's Python shell on the database of `make run`
	@tools/shell

psql: ## psql on the database of `make run`
	@tools/psql

log: ## the server's log
	@tools/log
