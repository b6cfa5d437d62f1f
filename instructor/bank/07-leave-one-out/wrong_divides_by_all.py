"""자기를 합에서는 뺐지만 개수에서는 빼지 않음"""
def leave_one_out(vectors, labels):
    names, right = np.unique(labels), 0
    for i in range(len(labels)):
        far = []
        for name in names:
            mine = labels == name
            total = vectors[mine].sum(axis=0) - (vectors[i] if labels[i] == name else 0)
            far.append(np.linalg.norm(vectors[i] - total / mine.sum()))
        right += names[np.argmin(far)] == labels[i]
    return right / len(labels)
