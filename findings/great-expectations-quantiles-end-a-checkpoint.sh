#!/usr/bin/env bash
# A quantile expectation that passes ends Great Expectations' checkpoint with a TypeError.
#
# Validated by itself the expectation is fine. A checkpoint, and a validation definition, turn the result into JSON, and
# among what the expectation found is a boolean of numpy, which the json module does not take ("Object of type bool is
# not JSON serializable"). The results of all other expectations of that run are lost with it. It hits checks such as "the
# median of minutes per session is between 30 and 90". Seen with great-expectations 1.24.1, pandas 2.3.3, numpy 2.4.6.
# Here batches are validated without a checkpoint, and results are kept in tables of the pipeline's own.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check great-expectations==1.24.1 pandas==2.3.3 numpy==2.4.6
export GX_ANALYTICS_ENABLED=false
venv/bin/python - <<'PYTHON'
import logging
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import great_expectations as gx
import pandas as pd

print("great-expectations", gx.__version__, "pandas", pd.__version__)
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
frame = {"dataframe": pd.DataFrame({"minutes": [30.0, 50.0, 90.0]})}
asset = context.data_sources.add_pandas("sessions").add_dataframe_asset("sessions")
definition = asset.add_batch_definition_whole_dataframe("all")
expectation = gx.expectations.ExpectColumnQuantileValuesToBeBetween(
    column="minutes", quantile_ranges={"quantiles": [0.5], "value_ranges": [[30, 90]]}
)
alone = definition.get_batch(frame).validate(expectation).success
suite = context.suites.add(gx.ExpectationSuite("suite", expectations=[expectation]))
validation = gx.ValidationDefinition(name="validation", data=definition, suite=suite)
checkpoint = gx.Checkpoint(name="checkpoint", validation_definitions=[context.validation_definitions.add(validation)])
try:
    seen = f"success {context.checkpoints.add(checkpoint).run(batch_parameters=frame).success}"
except TypeError as error:
    seen = f"TypeError: {error}"
print("expected  success True, by itself and in a checkpoint")
print("seen      by itself: success", alone)
print("seen      in a checkpoint:", seen)
if not alone or seen != "TypeError: Object of type bool is not JSON serializable":
    sys.exit("The behavior has changed.")
PYTHON
