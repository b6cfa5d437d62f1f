"""np.delete로 자기를 뺀 배열을 만들어서"""
def leave_one_out(vectors, labels):
    right = 0
    for i in range(len(vectors)):
        rest, rest_labels = np.delete(vectors, i, axis=0), np.delete(labels, i)
        names = np.unique(rest_labels)
        centres = np.array([rest[rest_labels == name].mean(axis=0) for name in names])
        right += names[np.linalg.norm(centres - vectors[i], axis=1).argmin()] == labels[i]
    return right / len(vectors)
