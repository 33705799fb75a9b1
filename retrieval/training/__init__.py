"""Training of the bilingual sentence encoder: vocabulary, alignment, distillation, fine-tuning, compression.

Run as `python -m retrieval.training STEP`. Nothing that answers questions imports this package.
"""
