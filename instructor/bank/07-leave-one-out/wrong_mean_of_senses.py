"""문장마다가 아니라 뜻마다의 정답률을 평균함"""
def leave_one_out(vectors, labels):
    names, hits = np.unique(labels), np.zeros(len(labels))
    for i in range(len(labels)):
        keep = np.arange(len(labels)) != i
        far = [np.linalg.norm(vectors[i] - vectors[keep & (labels == n)].mean(axis=0)) for n in names]
        hits[i] = names[np.argmin(far)] == labels[i]
    return float(np.mean([hits[labels == n].mean() for n in names]))
