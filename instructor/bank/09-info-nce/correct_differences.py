"""짝과의 차이로 쓴 모양: log Σ exp(s (cos_j − cos_i))"""
def info_nce(similarity, scale):
    gaps = scale * (similarity - np.diag(similarity)[:, None])
    top = gaps.max(axis=1)
    return float((top + np.log(np.exp(gaps - top[:, None]).sum(axis=1))).mean())
