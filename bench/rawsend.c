/* The limit: one encoded frame, send() to each socket in a loop, nothing else.
 *
 *   rawsend PORT
 *
 * Answers every connection's request with a 101 and a first frame. Each line on stdin is sent as
 * one text frame to all; when it is out, "sent" is printed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int sockets[200000], count;

static size_t frame(unsigned char *out, const char *text, size_t length) {
    size_t head = length < 126 ? 2 : 4;
    out[0] = 0x81;
    out[1] = head == 2 ? length : 126;
    if (head == 4) { out[2] = length >> 8; out[3] = length & 255; }
    memcpy(out + head, text, length);
    return head + length;
}

static void greet(int fd) {
    char request[4096];
    if (recv(fd, request, sizeof request, 0) <= 0) { close(fd); return; }
    static const char answer[] =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    unsigned char first[64];
    size_t length = frame(first, "{\"type\":\"state\"}", 16);
    if (send(fd, answer, sizeof answer - 1, 0) < 0 || send(fd, first, length, 0) < 0) exit(1);
    sockets[count++] = fd;
}

int main(int argc, char **argv) {
    (void)argc;
    struct rlimit limit = {200000, 200000};
    setrlimit(RLIMIT_NOFILE, &limit);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    int server = socket(AF_INET, SOCK_STREAM, 0), on = 1, poll = epoll_create1(0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, (struct sockaddr *)&at, sizeof at) || listen(server, 4096)) return 1;
    struct epoll_event e = {.events = EPOLLIN, .data.fd = server}, got[256];
    epoll_ctl(poll, EPOLL_CTL_ADD, server, &e);
    e.data.fd = 0;
    epoll_ctl(poll, EPOLL_CTL_ADD, 0, &e);
    static char line[65536];
    static unsigned char out[70000];
    printf("listening\n");
    fflush(stdout);
    for (;;) {
        int k = epoll_wait(poll, got, 256, -1);
        for (int i = 0; i < k; i++) {
            if (got[i].data.fd == server) {
                int fd = accept(server, NULL, NULL);
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                greet(fd);
            } else {
                if (!fgets(line, sizeof line, stdin)) return 0;
                size_t length = frame(out, line, strcspn(line, "\n"));
                for (int s = 0; s < count; s++)
                    if (send(sockets[s], out, length, MSG_NOSIGNAL) < 0) exit(1);
                printf("sent\n");
                fflush(stdout);
            }
        }
    }
}
