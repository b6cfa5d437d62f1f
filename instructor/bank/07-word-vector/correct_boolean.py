"""배열로 바꾸어 참·거짓으로 고름"""
def word_vector(hidden, offsets, start, end):
    table = np.array(offsets)
    return hidden[(table[:, 0] < end) & (start < table[:, 1])].mean(axis=0)
