/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/replication/disk-trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the next changes of the disk do: the nth one ends the program, or fails; so do those
 * after it. */
typedef struct
{
  int      countdown;   /* 0 = nothing */
  int      made;
  gboolean kills;
} Trouble;

static Trouble trouble;

static gboolean
is_time (void)
{
  trouble.made++;
  if (trouble.countdown == 0 || --trouble.countdown > 0)
    return FALSE;

  if (trouble.kills)
    kill (getpid (), SIGKILL);

  trouble.made--;
  trouble.countdown = 1;
  errno = ENOSPC;
  return TRUE;
}

/* In the place of the C library's: every change of the disk that an agent makes. */
int
mkdirat (int         folder,
         const char *path,
         mode_t      mode)
{
  return is_time () ? -1 : (int) syscall (SYS_mkdirat, folder, path, mode);
}

int
linkat (int         from,
        const char *path,
        int         to,
        const char *new_path,
        int         flags)
{
  return is_time () ? -1 : (int) syscall (SYS_linkat, from, path, to, new_path, flags);
}

int
symlinkat (const char *target,
           int         folder,
           const char *path)
{
  return is_time () ? -1 : (int) syscall (SYS_symlinkat, target, folder, path);
}

int
unlinkat (int         folder,
          const char *path,
          int         flags)
{
  /* A full disk does not keep anything from going. */
  return trouble.kills && is_time () ? -1 : (int) syscall (SYS_unlinkat, folder, path, flags);
}

int
renameat (int         from,
          const char *path,
          int         to,
          const char *new_path)
{
  return is_time () ? -1 : (int) syscall (SYS_renameat2, from, path, to, new_path, 0);
}

/* A process that is killed loses nothing that it has written: the disk need not be waited for. */
int
fsync (int fd)
{
  return is_time () ? -1 : 0;
}

ssize_t
write (int         fd,
       const void *data,
       size_t      size)
{
  struct stat info;

  if (trouble.countdown > 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && is_time ())
    return -1;

  return syscall (SYS_write, fd, data, size);
}

/**
 * iss_disk_trouble_kill_at:
 * @n: which change of the disk, from 1, ends this process; 0: none
 */
void
iss_disk_trouble_kill_at (int n)
{
  trouble = (Trouble) { .countdown = n, .kills = TRUE };
}

/**
 * iss_disk_trouble_full_at:
 * @n: from which change of the disk on, from 1, it is full; 0: it is not
 */
void
iss_disk_trouble_full_at (int n)
{
  trouble = (Trouble) { .countdown = n };
}

/**
 * iss_disk_trouble_count:
 *
 * Returns: how many changes of the disk this process made since it was last told to have trouble
 */
int
iss_disk_trouble_count (void)
{
  return trouble.made;
}

/**
 * iss_disk_trouble_run_killed:
 * @n: which change of the disk, from 1, ends the process that does it
 * @func: what is done, by a process of its own, of which only the disk shows anything
 * @data: for @func
 *
 * Returns: whether it was killed; else it was over before
 */
gboolean
iss_disk_trouble_run_killed (int                 n,
                             IssDiskTroubleFunc  func,
                             gpointer            data)
{
  int status = 0;
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      iss_disk_trouble_kill_at (n);
      func (data);
      _exit (0);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  if (WIFSIGNALED (status))
    g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);

  return WIFSIGNALED (status);
}
