"""맨 앞의 하나를 버림: 내용이 똑같은 문서가 앞에 오면 그것이 빠지고 자기 자신이 남음"""
def most_similar(doc_emb, doc_idx, n=10):
    unit = doc_emb / np.linalg.norm(doc_emb, axis=1, keepdims=True)
    return np.argsort(-np.round(unit @ unit[doc_idx], 9), kind="stable")[1:n + 1]
