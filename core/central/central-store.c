/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-store.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/central/pin-folder.h"

struct _IssCentralStore
{
  GObject           parent_instance;

  /* Owned */
  IssCentralEngine *engine;
  char             *pins;     /* a folder of this administrator's own */

  GMutex            lock;     /* what is pinned follows what is stored, whoever asks meanwhile */
};

G_DEFINE_FINAL_TYPE (IssCentralStore, iss_central_store, G_TYPE_OBJECT)

static void
iss_central_store_finalize (GObject *object)
{
  IssCentralStore *self = ISS_CENTRAL_STORE (object);

  g_clear_object (&self->engine);
  g_clear_pointer (&self->pins, g_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (iss_central_store_parent_class)->finalize (object);
}

static void
iss_central_store_class_init (IssCentralStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_central_store_finalize;
}

static void
iss_central_store_init (IssCentralStore *self)
{
  g_mutex_init (&self->lock);
}

/**
 * iss_central_store_new:
 * @engine: where it is
 * @pins: a folder that nobody else writes to, for what this administrator believes
 *
 * Returns: (transfer full): the store
 */
IssCentralStore *
iss_central_store_new (IssCentralEngine *engine,
                       const char       *pins)
{
  IssCentralStore *self;

  g_return_val_if_fail (ISS_IS_CENTRAL_ENGINE (engine), NULL);
  g_return_val_if_fail (pins != NULL, NULL);

  self = g_object_new (ISS_TYPE_CENTRAL_STORE, NULL);
  self->engine = g_object_ref (engine);
  self->pins = g_strdup (pins);

  return self;
}

/**
 * iss_central_store_get_engine:
 * @self: a store
 *
 * Returns: (transfer none): where it is
 */
IssCentralEngine *
iss_central_store_get_engine (IssCentralStore *self)
{
  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), NULL);

  return self->engine;
}

static char *
dup_key (const char *pool,
         const char *kind,
         const char *name)
{
  return name != NULL ? g_strdup_printf ("pool/%s/%s/%s", pool, kind, name)
                      : g_strdup_printf ("pool/%s/%s", pool, kind);
}

/* What the store says must follow from what is pinned. */
static IssAdministrators *
follow (IssCentralStore  *self,
        const char       *pool,
        GBytes           *message,
        GError          **error)
{
  g_autoptr(GBytes) pinned = NULL;
  g_autoptr(IssAdministrators) before = NULL;
  g_autoptr(IssAdministrators) administrators = NULL;

  if (!iss_pin_folder_read (self->pins, pool, &pinned, error))
    return NULL;

  if (pinned == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("The central store names administrators of %s, but none of them is pinned in "
                     "%s: have one of them add you, and give you that file"), pool, self->pins);
      return NULL;
    }

  before = iss_administrators_read (pinned, error);
  if (before == NULL || g_bytes_equal (pinned, message))
    return g_steal_pointer (&before);

  administrators = iss_administrators_verify (message, before, error);
  if (administrators == NULL || !iss_pin_folder_write (self->pins, pool, message, error))
    return NULL;

  return g_steal_pointer (&administrators);
}

/**
 * iss_central_store_get_administrators:
 * @self: a store
 * @pool: a pool
 * @out_message: (out) (optional) (transfer full): the signed set, for the servers
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when there are none yet,
 *   %ISS_ERROR_REFUSED when what is there does not follow from what was pinned
 *
 * Returns: (transfer full): who may sign for the pool
 */
IssAdministrators *
iss_central_store_get_administrators (IssCentralStore  *self,
                                      const char       *pool,
                                      GBytes          **out_message,
                                      GError          **error)
{
  g_autofree char *key = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GMutexLocker) locker = NULL;
  IssAdministrators *administrators;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), NULL);
  g_return_val_if_fail (pool != NULL, NULL);

  locker = g_mutex_locker_new (&self->lock);
  key = dup_key (pool, "administrators", NULL);
  message = iss_central_engine_get (self->engine, key, NULL, error);
  administrators = message != NULL ? follow (self, pool, message, error) : NULL;
  if (administrators != NULL && out_message != NULL)
    *out_message = g_steal_pointer (&message);

  return administrators;
}

/**
 * iss_central_store_put_administrators:
 * @self: a store
 * @message: what iss_administrators_sign() made: the first set of a pool, or one that follows
 * @error: return location for an error: %ISS_ERROR_CHANGED when somebody else was faster
 *
 * Pins the set here and stores it for the others.
 *
 * Returns: whether it is there
 */
gboolean
iss_central_store_put_administrators (IssCentralStore  *self,
                                      GBytes           *message,
                                      GError          **error)
{
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(IssAdministrators) before = NULL;
  g_autoptr(IssAdministrators) verified = NULL;
  g_autoptr(GBytes) present = NULL;
  g_autoptr(GBytes) pinned = NULL;
  g_autoptr(GMutexLocker) locker = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *key = NULL;
  guint64 revision = 0;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  locker = g_mutex_locker_new (&self->lock);
  administrators = iss_administrators_read (message, error);
  if (administrators == NULL)
    return FALSE;

  key = dup_key (administrators->pool, "administrators", NULL);
  present = iss_central_engine_get (self->engine, key, &revision, &local_error);
  if (present == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (present != NULL)
    before = follow (self, administrators->pool, present, error);
  if (present != NULL && before == NULL)
    return FALSE;

  verified = iss_administrators_verify (message, before, error);
  if (verified == NULL ||
      !iss_pin_folder_read (self->pins, administrators->pool, &pinned, error) ||
      !iss_pin_folder_write (self->pins, administrators->pool, message, error))
    return FALSE;

  /* Pinned first: cut off in between, the same can be done again. */
  if (iss_central_engine_put_if (self->engine, key, message, revision, NULL, error))
    return TRUE;

  iss_pin_folder_restore (self->pins, administrators->pool, pinned);

  return FALSE;
}

/**
 * iss_central_store_get_enrolment:
 * @self: a store
 * @pool: a pool
 * @server: the name of a server of it
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when it is not enrolled
 *
 * Returns: (transfer full): what an administrator has seen of it
 */
IssEnrolment *
iss_central_store_get_enrolment (IssCentralStore  *self,
                                 const char       *pool,
                                 const char       *server,
                                 GError          **error)
{
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), NULL);
  g_return_val_if_fail (pool != NULL && server != NULL, NULL);

  key = dup_key (pool, "server", server);
  message = iss_central_engine_get (self->engine, key, NULL, error);
  if (message == NULL)
    return NULL;

  administrators = iss_central_store_get_administrators (self, pool, NULL, error);
  if (administrators == NULL)
    return NULL;

  return iss_enrolment_verify (message, pool, server, administrators->certificates, error);
}

/* Whatever is there is replaced by what is newer. */
static gboolean
replace (IssCentralStore  *self,
         const char       *key,
         GBytes           *value,
         GError          **error)
{
  g_autoptr(GBytes) present = NULL;
  g_autoptr(GError) local_error = NULL;
  guint64 revision = 0;

  present = iss_central_engine_get (self->engine, key, &revision, &local_error);
  if (present == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return (present != NULL && g_bytes_equal (present, value)) ||
         iss_central_engine_put_if (self->engine, key, value, revision, NULL, error);
}

/**
 * iss_central_store_put_enrolment:
 * @self: a store
 * @pool: a pool
 * @server: the name of a server of it
 * @message: what iss_enrolment_sign() made
 * @error: return location for an error
 *
 * Returns: whether it is there
 */
gboolean
iss_central_store_put_enrolment (IssCentralStore  *self,
                                 const char       *pool,
                                 const char       *server,
                                 GBytes           *message,
                                 GError          **error)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), FALSE);
  g_return_val_if_fail (pool != NULL && server != NULL && message != NULL, FALSE);

  key = dup_key (pool, "server", server);

  return replace (self, key, message, error);
}

/**
 * iss_central_store_get_wanted:
 * @self: a store
 * @pool: a pool
 * @type: a type
 * @out_seen: (out) (optional): to be given to iss_central_store_put_wanted(); 0 with an error
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when nothing was ever decided
 *
 * Returns: (transfer full): what the type shall use in the pool
 */
IssWanted *
iss_central_store_get_wanted (IssCentralStore           *self,
                              const char                *pool,
                              const IssCertificateType  *type,
                              guint64                   *out_seen,
                              GError                   **error)
{
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(IssWanted) wanted = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *key = NULL;
  guint64 revision = 0;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), NULL);
  g_return_val_if_fail (pool != NULL && type != NULL, NULL);

  if (out_seen != NULL)
    *out_seen = 0;

  key = dup_key (pool, "wanted", type->name);
  bytes = iss_central_engine_get (self->engine, key, &revision, error);
  administrators = bytes == NULL ? NULL
    : iss_central_store_get_administrators (self, pool, NULL, error);
  wanted = administrators == NULL ? NULL
    : iss_wanted_decode (bytes, administrators->certificates, error);
  if (wanted == NULL || !iss_package_check (wanted->copy, pool, "", type, 0, error))
    return NULL;

  if (out_seen != NULL)
    *out_seen = revision;

  return g_steal_pointer (&wanted);
}

/**
 * iss_central_store_put_wanted:
 * @self: a store, which has every package that @wanted names
 * @wanted: what is wanted from now on
 * @seen: what iss_central_store_get_wanted() has told; 0: there was nothing
 * @error: return location for an error: %ISS_ERROR_CHANGED when another administrator was faster
 *
 * Returns: whether it is decided
 */
gboolean
iss_central_store_put_wanted (IssCentralStore  *self,
                              const IssWanted  *wanted,
                              guint64           seen,
                              GError          **error)
{
  const IssManifest *manifest;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), FALSE);
  g_return_val_if_fail (wanted != NULL, FALSE);

  manifest = iss_wanted_get_manifest (wanted);
  key = dup_key (manifest->pool, "wanted", manifest->type->name);
  bytes = iss_wanted_encode (wanted);

  return iss_central_engine_put_if (self->engine, key, bytes, seen, NULL, error);
}

/**
 * iss_central_store_list_wanted:
 * @self: a store
 * @pool: a pool
 * @error: return location for an error: one of them is damaged, or signed by nobody who may
 *
 * Returns: (transfer full) (element-type IssWanted): everything that is decided for the pool
 */
GPtrArray *
iss_central_store_list_wanted (IssCentralStore  *self,
                               const char       *pool,
                               GError          **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_wanted_free);

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), NULL);
  g_return_val_if_fail (pool != NULL, NULL);

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      g_autoptr(GError) local_error = NULL;
      IssWanted *wanted = iss_central_store_get_wanted (self, pool, iss_certificate_type_get (i),
                                                        NULL, &local_error);

      if (wanted != NULL)
        {
          g_ptr_array_add (list, wanted);
        }
      else if (!g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  return g_steal_pointer (&list);
}

static char *
dup_package_key (const char *package_hex)
{
  return g_strconcat ("package/", package_hex, NULL);
}

/**
 * iss_central_store_get_package:
 * @self: a store
 * @package_hex: its SHA-256, 64 lower-case hex digits
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND, or %ISS_ERROR_MALFORMED when it is
 *   another one
 *
 * Returns: (transfer full): the package
 */
GBytes *
iss_central_store_get_package (IssCentralStore  *self,
                               const char       *package_hex,
                               GError          **error)
{
  g_autofree char *key = NULL;
  g_autofree char *hex = NULL;
  g_autoptr(GBytes) package = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), NULL);
  g_return_val_if_fail (package_hex != NULL, NULL);

  key = dup_package_key (package_hex);
  package = iss_central_engine_get (self->engine, key, NULL, error);
  if (package == NULL)
    return NULL;

  hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, package);
  if (!g_str_equal (hex, package_hex))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The package %s in the central store is damaged"), package_hex);
      return NULL;
    }

  return g_steal_pointer (&package);
}

/**
 * iss_central_store_put_package:
 * @self: a store
 * @package: a package for a server
 * @error: return location for an error
 *
 * Returns: whether it is there, under its SHA-256
 */
gboolean
iss_central_store_put_package (IssCentralStore  *self,
                               GBytes           *package,
                               GError          **error)
{
  g_autofree char *hex = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), FALSE);
  g_return_val_if_fail (package != NULL, FALSE);

  hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, package);
  key = dup_package_key (hex);

  return replace (self, key, package, error);
}

/**
 * iss_central_store_get_report:
 * @self: a store
 * @pool: a pool
 * @server: the name of a server of it
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when it was never tried
 *
 * Returns: (transfer full): what is known of it, which nobody has signed
 */
IssReplicaReport *
iss_central_store_get_report (IssCentralStore  *self,
                              const char       *pool,
                              const char       *server,
                              GError          **error)
{
  g_autofree char *key = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), NULL);
  g_return_val_if_fail (pool != NULL && server != NULL, NULL);

  key = dup_key (pool, "report", server);
  bytes = iss_central_engine_get (self->engine, key, NULL, error);

  return bytes != NULL ? iss_replica_report_decode (server, bytes, error) : NULL;
}

/**
 * iss_central_store_put_report:
 * @self: a store
 * @pool: a pool
 * @report: what is known of one of its servers
 * @error: return location for an error
 *
 * Returns: whether it is there; that somebody else put a newer one is no error
 */
gboolean
iss_central_store_put_report (IssCentralStore         *self,
                              const char              *pool,
                              const IssReplicaReport  *report,
                              GError                 **error)
{
  g_autofree char *key = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (self), FALSE);
  g_return_val_if_fail (pool != NULL && report != NULL, FALSE);

  key = dup_key (pool, "report", report->server);
  bytes = iss_replica_report_encode (report);
  if (replace (self, key, bytes, &local_error) ||
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_CHANGED))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}
