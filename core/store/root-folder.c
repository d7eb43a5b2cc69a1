/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/root-folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"

#define LOCK_NAME ".lock"
#define LOCK_MAX_BYTES 512
#define HOLDER_MAX_CHARACTERS 100
#define SERVER_ID_NAME "server-id"
#define SERVER_ID_BYTES 16
#define SYSTEM_BUNDLE "/etc/ssl/certs/ca-certificates.crt"

/**
 * IssRootFolder:
 *
 * The folder that holds everything of one server, and its writers' lock.
 *
 * The path is looked at once, when the folder is opened; from then on
 * everything goes by descriptors and follows no link, so that nobody who can
 * write somewhere above it can move the store away from under the agent.
 *
 * The lock is flock(2) on a description of its own for each object: two
 * objects exclude each other in one process as in two, and a holder that dies
 * never blocks. The functions of the lock may be called from any thread.
 */
struct _IssRootFolder
{
  GObject   parent_instance;

  /* Owned */
  char     *path;
  char     *server_id;
  char     *system_bundle;
  int       fd;

  /* The lock: what follows belongs to the mutex */
  GMutex    mutex;
  int       lock_fd;    /* -1: not held by this object */
};

G_DEFINE_FINAL_TYPE (IssRootFolder, iss_root_folder, G_TYPE_OBJECT)

typedef struct
{
  const char *name;     /* a folder comes after the one it is in */
  mode_t      mode;
} Folder;

/* What a service may read is open to all; the rest is the owner's alone. The
 * keys that live/ shows are files of their own, with their own permissions. */
static const Folder layout[] =
{
  { "stores",               0755 },
  { "stores/my",            0755 },
  { "stores/root",          0755 },
  { "stores/ca",            0755 },
  { "stores/trustedpeople", 0755 },
  { "stores/disallowed",    0755 },
  { "stores/request",       0755 },
  { "properties",           0700 },
  { "keys",                 0700 },
  { "live",                 0755 },
  { "live/.made",           0755 },
  { "replica",              0700 },
  { "tasks",                0700 },
  { "tasks/queue",          0700 },
  { "tasks/done",           0700 },
  { "trash",                0700 },
};

/* What may stand in a folder that is to become a server's: what a first start
 * that was cut off has left, what the package makes for root's watcher, and what a new file system
 * brings. */
static const char *const allowed_before[] =
{
  "stores", "properties", "keys", "live", "replica", "tasks", "trash", "consumers",
  "lost+found",
};

static void
iss_root_folder_finalize (GObject *object)
{
  IssRootFolder *self = ISS_ROOT_FOLDER (object);

  iss_root_folder_unlock (self);

  if (self->fd >= 0)
    close (self->fd);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->server_id, g_free);
  g_clear_pointer (&self->system_bundle, g_free);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (iss_root_folder_parent_class)->finalize (object);
}

static void
iss_root_folder_class_init (IssRootFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_root_folder_finalize;
}

static void
iss_root_folder_init (IssRootFolder *self)
{
  self->fd = -1;
  self->lock_fd = -1;
  self->system_bundle = g_strdup (SYSTEM_BUNDLE);
  g_mutex_init (&self->mutex);
}

static char *
dup_user_name (uid_t uid)
{
  struct passwd entry;
  struct passwd *found = NULL;
  char buffer[4096];

  if (getpwuid_r (uid, &entry, buffer, sizeof buffer, &found) == 0 && found != NULL)
    return g_strdup (found->pw_name);

  return g_strdup_printf ("%lu", (unsigned long) uid);
}

/* Says in one sentence why a path did not become a folder. */
static void
set_open_error (GError     **error,
                int          saved_errno,
                const char  *path)
{
  switch (saved_errno)
    {
    case ENOENT:
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The folder %s does not exist"), path);
      break;

    case ENOTDIR:
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("%s is not a folder"), path);
      break;

    case EACCES:
      g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION,
                   _("The folder %s cannot be read by this account"), path);
      break;

    default:
      iss_error_set_from_errno (error, saved_errno, _("The folder %s cannot be opened"), path);
    }
}

/* Follows links on the way to the folder: the administrator may have put the
 * store elsewhere. Below it nothing is followed. */
static int
open_path (const char  *path,
           gboolean     create,
           GError     **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0 && errno == ENOENT && create)
    {
      g_autofree char *parent = g_path_get_dirname (path);

      if (g_mkdir_with_parents (parent, 0755) != 0 ||
          (mkdir (path, 0711) != 0 && errno != EEXIST))
        {
          iss_error_set_from_errno (error, errno, _("The folder %s cannot be made"), path);
          return -1;
        }

      fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }

  if (fd < 0)
    set_open_error (error, errno, path);

  return fd;
}

static gboolean
check_owner (IssRootFolder  *self,
             GError        **error)
{
  struct stat info;

  if (fstat (self->fd, &info) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be examined"), self->path);
      return FALSE;
    }

  if (info.st_uid != geteuid ())
    {
      g_autofree char *owner = dup_user_name (info.st_uid);

      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER,
                   _("The folder %s belongs to %s: connect as ssh://%s@%s"),
                   self->path, owner, owner, g_get_host_name ());
      return FALSE;
    }

  if ((info.st_mode & S_IWOTH) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION,
                   _("The folder %s can be written by everybody: chmod o-w it first"),
                   self->path);
      return FALSE;
    }

  return TRUE;
}

/* A wrong --root must not scatter our folders over somebody's home. */
static gboolean
check_may_become_ours (IssRootFolder  *self,
                       GError        **error)
{
  int copy = openat (self->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_autofree char *stranger = NULL;
  struct dirent *entry;
  DIR *folder;

  if (copy < 0)
    {
      set_open_error (error, errno, self->path);
      return FALSE;
    }

  folder = fdopendir (copy);
  if (folder == NULL)
    {
      close (copy);
      set_open_error (error, ENOMEM, self->path);
      return FALSE;
    }

  while (stranger == NULL && (entry = readdir (folder)) != NULL)
    {
      gboolean known = entry->d_name[0] == '.';

      for (gsize i = 0; i < G_N_ELEMENTS (allowed_before); i++)
        known = known || g_str_equal (entry->d_name, allowed_before[i]);

      if (!known)
        stranger = iss_text_sanitise (entry->d_name, -1, 60);
    }

  closedir (folder);

  if (stranger != NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("The folder %s is not a server's folder and holds other things (%s): "
                     "name an empty one"), self->path, stranger);
      return FALSE;
    }

  return TRUE;
}

static gboolean
make_layout (IssRootFolder  *self,
             GError        **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (layout); i++)
    {
      if (mkdirat (self->fd, layout[i].name, layout[i].mode) != 0)
        {
          if (errno == EEXIST)
            continue;

          iss_error_set_from_errno (error, errno, _("The folder %s/%s cannot be made"),
                                    self->path, layout[i].name);
          return FALSE;
        }

      /* Whatever the umask took away. */
      if (fchmodat (self->fd, layout[i].name, layout[i].mode, 0) != 0)
        {
          iss_error_set_from_errno (error, errno,
                                    _("The permissions of the folder %s/%s cannot be set"),
                                    self->path, layout[i].name);
          return FALSE;
        }
    }

  return TRUE;
}

/* Removes what writers have left that were killed, copies of keys not least. */
static void
sweep (IssRootFolder *self)
{
  iss_atomic_file_sweep (self->fd);

  for (gsize i = 0; i < G_N_ELEMENTS (layout); i++)
    {
      int folder = iss_root_folder_open_folder (self, layout[i].name, NULL);

      if (folder < 0)
        continue;

      iss_atomic_file_sweep (folder);
      close (folder);
    }
}

static char *
read_server_id (IssRootFolder  *self,
                GError        **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  bytes = iss_atomic_file_read (self->fd, SERVER_ID_NAME, 64, error);
  if (bytes == NULL)
    return NULL;

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_strchomp (text);

  if (strlen (text) != 2 * SERVER_ID_BYTES ||
      strspn (text, "0123456789abcdef") != 2 * SERVER_ID_BYTES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The file %s/%s is damaged: it should hold 32 hex digits"),
                   self->path, SERVER_ID_NAME);
      return NULL;
    }

  return g_steal_pointer (&text);
}

static gboolean
make_server_id (IssRootFolder  *self,
                GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *hex = NULL;
  g_autofree char *line = NULL;
  guint8 random[SERVER_ID_BYTES];

  if (getrandom (random, sizeof random, 0) != sizeof random)
    {
      iss_error_set_from_errno (error, errno, _("The system gives no random numbers"));
      return FALSE;
    }

  hex = iss_text_hex (random, sizeof random, FALSE);
  line = g_strconcat (hex, "\n", NULL);

  if (!iss_atomic_file_create (self->fd, SERVER_ID_NAME, line, strlen (line), 0644, &local_error) &&
      !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_EXISTS))   /* another agent was first */
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_root_folder_open:
 * @path: the folder
 * @create: whether to make the folder and what belongs in it where it is missing
 * @error: return location for an error
 *
 * Opens the folder of one server. Only its owner gets through, not root either
 * (%ISS_ERROR_NOT_OWNER; the message says who that is). A folder that holds other things
 * is never made a server's folder (%ISS_ERROR_REFUSED). With @create, what writers have left
 * that were killed at work is swept away.
 *
 * Returns: (transfer full): the folder, or %NULL with @error set
 */
IssRootFolder *
iss_root_folder_open (const char  *path,
                      gboolean     create,
                      GError     **error)
{
  g_autoptr(IssRootFolder) self = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (ISS_TYPE_ROOT_FOLDER, NULL);
  self->path = iss_text_sanitise (path, -1, 4096);

  self->fd = open_path (path, create, error);
  if (self->fd < 0)
    return NULL;

  if (!check_owner (self, error))
    return NULL;

  self->server_id = read_server_id (self, &local_error);
  if (self->server_id == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (self->server_id == NULL && !create)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The folder %s is not a server's folder: nothing has been set up in it"),
                   self->path);
      return NULL;
    }

  if (self->server_id == NULL && !check_may_become_ours (self, error))
    return NULL;

  if (create && !make_layout (self, error))
    return NULL;

  /* Last: a folder with an identity is a whole one. */
  if (self->server_id == NULL)
    {
      if (!make_server_id (self, error))
        return NULL;

      self->server_id = read_server_id (self, error);
      if (self->server_id == NULL)
        return NULL;
    }

  if (create)
    sweep (self);

  return g_steal_pointer (&self);
}

/**
 * iss_root_folder_get_path:
 * @self: a root folder
 *
 * Returns: the path it was opened by, for messages only
 */
const char *
iss_root_folder_get_path (IssRootFolder *self)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (self), NULL);

  return self->path;
}

/**
 * iss_root_folder_get_server_id:
 * @self: a root folder
 *
 * Returns: 32 hex digits, random, made with the folder: they tell one server from another
 *   whatever both are called
 */
const char *
iss_root_folder_get_server_id (IssRootFolder *self)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (self), NULL);

  return self->server_id;
}

/**
 * iss_root_folder_get_system_bundle:
 * @self: a root folder
 *
 * Returns: the path of the PEM file behind the store "authroot"; it need not exist
 */
const char *
iss_root_folder_get_system_bundle (IssRootFolder *self)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (self), NULL);

  return self->system_bundle;
}

/**
 * iss_root_folder_set_system_bundle:
 * @self: a root folder that no other thread uses yet
 * @path: the path of a PEM file
 *
 * Takes another CA bundle than the system's, for the demo and for tests.
 */
void
iss_root_folder_set_system_bundle (IssRootFolder *self,
                                   const char    *path)
{
  g_return_if_fail (ISS_IS_ROOT_FOLDER (self));
  g_return_if_fail (path != NULL);

  g_free (self->system_bundle);
  self->system_bundle = g_strdup (path);
}

/**
 * iss_root_folder_get_fd:
 * @self: a root folder
 *
 * Returns: its descriptor, which stays the folder's: do not close it
 */
int
iss_root_folder_get_fd (IssRootFolder *self)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (self), -1);

  return self->fd;
}

/**
 * iss_root_folder_open_folder:
 * @self: a root folder
 * @relative: a folder below it, such as "stores/my"
 * @error: return location for an error
 *
 * Opens a folder for reading and for `openat()`, component by component: a link in place
 * of any of them is refused.
 *
 * Returns: a descriptor that the caller closes, or -1 with @error set
 */
int
iss_root_folder_open_folder (IssRootFolder  *self,
                             const char     *relative,
                             GError        **error)
{
  g_auto(GStrv) components = NULL;
  int fd;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (self), -1);
  g_return_val_if_fail (relative != NULL && relative[0] != '\0', -1);

  components = g_strsplit (relative, "/", -1);
  fd = self->fd;

  for (guint i = 0; components[i] != NULL; i++)
    {
      gboolean outside = components[i][0] == '\0' ||
                         g_str_equal (components[i], ".") || g_str_equal (components[i], "..");
      int parent = fd;
      int saved_errno;

      fd = outside ? -1 : openat (parent, components[i],
                                  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      saved_errno = outside ? EINVAL : errno;

      if (parent != self->fd)
        close (parent);

      if (fd < 0)
        {
          g_autofree char *clean = iss_text_sanitise (relative, -1, 200);
          g_autofree char *path = g_build_filename (self->path, clean, NULL);

          set_open_error (error, saved_errno == ELOOP ? ENOTDIR : saved_errno, path);
          return -1;
        }
    }

  return fd;
}

/* The holder writes two lines, when and who. Whoever reads them while they
 * are being written may see less. */
static void
set_busy_error (IssRootFolder  *self,
                int             fd,
                GError        **error)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *who = NULL;
  g_autofree char *when = NULL;
  char text[LOCK_MAX_BYTES + 1];
  char *end_of_time = NULL;
  ssize_t size;
  gint64 since;

  size = pread (fd, text, LOCK_MAX_BYTES, 0);
  text[MAX (size, 0)] = '\0';
  since = g_ascii_strtoll (text, &end_of_time, 10);

  if (since <= 0 || *end_of_time != '\n' || !g_str_has_suffix (end_of_time + 1, "\n"))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_BUSY,
                   _("The folder %s is being changed by somebody else: try again in a moment"),
                   self->path);
      return;
    }

  who = iss_text_sanitise (g_strchomp (end_of_time + 1), -1, HOLDER_MAX_CHARACTERS);
  when = iss_time_text_clock (since, utc);

  /* Translators: a folder, who changes it, and a time of day such as 14:02:11 */
  g_set_error (error, ISS_ERROR, ISS_ERROR_BUSY,
               _("The folder %s is being changed by %s since %s UTC: try again when that is done"),
               self->path, who, when);
}

/**
 * iss_root_folder_try_lock:
 * @self: a root folder
 * @who: who is going to change something, for the message that others get
 * @now: the time, seconds since 1970
 * @error: return location for an error: %ISS_ERROR_BUSY when it is held
 *
 * Takes the writers' lock without waiting. It is not recursive.
 *
 * Returns: whether this object holds it now
 */
gboolean
iss_root_folder_try_lock (IssRootFolder  *self,
                          const char     *who,
                          gint64          now,
                          GError        **error)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *clean = NULL;
  g_autofree char *text = NULL;
  int fd;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (self), FALSE);
  g_return_val_if_fail (who != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  locker = g_mutex_locker_new (&self->mutex);

  if (self->lock_fd >= 0)
    {
      set_busy_error (self, self->lock_fd, error);
      return FALSE;
    }

  fd = openat (self->fd, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The lock %s/%s cannot be opened"),
                                self->path, LOCK_NAME);
      return FALSE;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      int saved_errno = errno;

      if (saved_errno == EWOULDBLOCK)
        set_busy_error (self, fd, error);
      else
        iss_error_set_from_errno (error, saved_errno, _("The lock %s/%s cannot be taken"),
                                  self->path, LOCK_NAME);

      close (fd);
      return FALSE;
    }

  /* Only for the others' message: on a full disk the lock holds all the same. */
  clean = iss_text_sanitise (who, -1, HOLDER_MAX_CHARACTERS);
  text = g_strdup_printf ("%" G_GINT64_FORMAT "\n%s\n", now, clean);
  if (ftruncate (fd, 0) == 0 && pwrite (fd, text, strlen (text), 0) < 0)
    errno = 0;

  self->lock_fd = fd;
  return TRUE;
}

/**
 * iss_root_folder_unlock:
 * @self: a root folder
 *
 * Gives the writers' lock back. Does nothing if this object does not hold it.
 */
void
iss_root_folder_unlock (IssRootFolder *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (ISS_IS_ROOT_FOLDER (self));

  locker = g_mutex_locker_new (&self->mutex);

  if (self->lock_fd < 0)
    return;

  if (ftruncate (self->lock_fd, 0) != 0)
    errno = 0;   /* a stale name is shown to nobody: the lock is free */

  close (self->lock_fd);
  self->lock_fd = -1;
}
