"""sorted와 key로, 한 행씩"""
def order_by(vectors, query, measure):
    def badness(i):
        row = vectors[i]
        if measure == "inner":
            return -float(row @ query)
        if measure == "cosine":
            length = np.linalg.norm(row) * np.linalg.norm(query)
            return -float(row @ query) / length if length else 0.0
        return float(((row - query) ** 2).sum())

    return sorted(range(len(vectors)), key=badness)
