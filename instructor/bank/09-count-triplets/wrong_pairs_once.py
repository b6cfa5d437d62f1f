"""(a, p)와 (p, a)를 한 쌍으로 셈"""
def count_triplets(D, labels, margin):
    counts = [0, 0, 0]
    for a in range(len(labels)):
        for p in range(a + 1, len(labels)):
            if labels[a] == labels[p]:
                for n in np.flatnonzero(labels != labels[a]):
                    counts[2 if D[a, n] <= D[a, p] else 1 if D[a, n] < D[a, p] + margin else 0] += 1
    return tuple(counts)
