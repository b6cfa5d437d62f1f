"""길이를 1로 맞춘 뒤 내적이 큰 것부터"""
def most_similar(doc_emb, doc_idx, n=10):
    unit = doc_emb / np.linalg.norm(doc_emb, axis=1, keepdims=True)
    cosines = unit @ unit[doc_idx]
    cosines[doc_idx] = -2
    return np.argsort(-cosines)[:n]
