"""만난 적 없는 쌍에 0을 줌: 0은 '우연만큼'이라는 뜻입니다"""
def pmi_of_pair(counts, i, j):
    if counts[i, j] == 0:
        return 0.0
    return np.log(counts[i, j] * counts.sum() / (counts[i].sum() * counts[:, j].sum()))
