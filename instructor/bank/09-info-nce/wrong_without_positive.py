"""분모에서 정답을 뺌"""
def info_nce(similarity, scale):
    logits = scale * similarity
    others = np.where(np.eye(len(logits), dtype=bool), -np.inf, logits)
    top = logits.max(axis=1, keepdims=True)
    return float(-(np.diag(logits) - top[:, 0] - np.log(np.exp(others - top).sum(axis=1))).mean())
