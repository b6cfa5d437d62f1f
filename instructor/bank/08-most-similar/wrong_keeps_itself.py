"""자기 자신을 빼지 않음"""
def most_similar(doc_emb, doc_idx, n=10):
    return np.argsort(cosine_distances(doc_emb[[doc_idx]], doc_emb).flatten())[:n]
