"""열마다 소프트맥스: 질의가 정답을 고르는 것이 아니라 정답이 질의를 고름"""
def info_nce(similarity, scale):
    logits = scale * similarity
    logits = logits - logits.max(axis=0, keepdims=True)
    return float(-(np.diag(logits) - np.log(np.exp(logits).sum(axis=0))).mean())
