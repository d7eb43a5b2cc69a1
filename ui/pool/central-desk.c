/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/central-desk.h"

#include "core/central/administrator.h"
#include "core/central/central-folder.h"
#include "ui/pool/record-dialog.h"

/* Below the administrator's own folder: what he believes of the pools. */
#define PINS "pools"

/* What it is called as data of its workspace. */
#define DATA "issuant-central-desk"

/**
 * IssCentralDesk:
 *
 * It owns its services, and stops them when it goes: with the workspace, whose pools they serve.
 */
struct _IssCentralDesk
{
  GObject          parent_instance;

  /* Owned */
  char            *folder;       /* of the central store */
  char            *key_folder;
  IssCentralStore *store;        /* (nullable): not opened yet */
  GPtrArray       *pools;        /* IssPool */
  GPtrArray       *services;     /* IssReplicationService, in the order of the pools */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssCentralDesk, iss_central_desk, G_TYPE_OBJECT)

static void
iss_central_desk_dispose (GObject *object)
{
  IssCentralDesk *self = ISS_CENTRAL_DESK (object);

  for (guint i = 0; i < self->services->len; i++)
    iss_replication_service_stop (self->services->pdata[i]);
  g_ptr_array_set_size (self->services, 0);
  g_ptr_array_set_size (self->pools, 0);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (iss_central_desk_parent_class)->dispose (object);
}

static void
iss_central_desk_finalize (GObject *object)
{
  IssCentralDesk *self = ISS_CENTRAL_DESK (object);

  g_ptr_array_unref (self->services);
  g_ptr_array_unref (self->pools);
  g_free (self->folder);
  g_free (self->key_folder);

  G_OBJECT_CLASS (iss_central_desk_parent_class)->finalize (object);
}

static void
iss_central_desk_class_init (IssCentralDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = iss_central_desk_dispose;
  G_OBJECT_CLASS (klass)->finalize = iss_central_desk_finalize;

  /**
   * IssCentralDesk::changed:
   *
   * There is a central store now.
   */
  signals[CHANGED] = g_signal_new ("changed", ISS_TYPE_CENTRAL_DESK, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_central_desk_init (IssCentralDesk *self)
{
  self->pools = g_ptr_array_new_with_free_func (g_object_unref);
  self->services = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * iss_central_desk_attach:
 * @workspace: a workspace
 * @folder: of the central store
 * @key_folder: of the administrator's key
 *
 * Decides where they are for this workspace.
 */
void
iss_central_desk_attach (IssWorkspace *workspace,
                         const char   *folder,
                         const char   *key_folder)
{
  IssCentralDesk *self;

  g_return_if_fail (ISS_IS_WORKSPACE (workspace));
  g_return_if_fail (folder != NULL && key_folder != NULL);
  g_return_if_fail (g_object_get_data (G_OBJECT (workspace), DATA) == NULL);

  self = g_object_new (ISS_TYPE_CENTRAL_DESK, NULL);
  self->folder = g_strdup (folder);
  self->key_folder = g_strdup (key_folder);
  g_object_set_data_full (G_OBJECT (workspace), DATA, self, g_object_unref);
}

/* The central store of the demo is in the demo's folder, beside its key. */
static char *
dup_folder (const char *key_folder)
{
  g_autofree char *demo = g_build_filename (g_get_user_data_dir (), "issuant", "demo", NULL);
  g_autofree char *parent = g_path_get_dirname (key_folder);

  if (g_str_equal (parent, demo))
    return g_build_filename (demo, ISS_CENTRAL_FOLDER_NAME, NULL);

  return g_build_filename (g_get_user_data_dir (), "issuant", ISS_CENTRAL_FOLDER_NAME, NULL);
}

/**
 * iss_central_desk_get:
 * @workspace: a workspace
 *
 * Returns: (transfer none): the one of @workspace
 */
IssCentralDesk *
iss_central_desk_get (IssWorkspace *workspace)
{
  IssCentralDesk *self;
  g_autofree char *key_folder = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), NULL);

  self = g_object_get_data (G_OBJECT (workspace), DATA);
  if (self != NULL)
    return self;

  key_folder = iss_record_dialog_dup_key_folder (workspace);
  folder = dup_folder (key_folder);
  iss_central_desk_attach (workspace, folder, key_folder);

  return g_object_get_data (G_OBJECT (workspace), DATA);
}

/**
 * iss_central_desk_get_key_folder:
 * @self: a desk
 *
 * Returns: (transfer none): where the administrator's key is, or will be
 */
const char *
iss_central_desk_get_key_folder (IssCentralDesk *self)
{
  g_return_val_if_fail (ISS_IS_CENTRAL_DESK (self), NULL);

  return self->key_folder;
}

/**
 * iss_central_desk_has_store:
 * @self: a desk
 *
 * Returns: whether there is a central store; opening it would make one
 */
gboolean
iss_central_desk_has_store (IssCentralDesk *self)
{
  g_return_val_if_fail (ISS_IS_CENTRAL_DESK (self), FALSE);

  return self->store != NULL || g_file_test (self->folder, G_FILE_TEST_IS_DIR);
}

/**
 * iss_central_desk_get_store:
 * @self: a desk
 * @error: return location for an error
 *
 * Returns: (transfer none): the central store
 */
IssCentralStore *
iss_central_desk_get_store (IssCentralDesk  *self,
                            GError         **error)
{
  g_autofree char *pins = NULL;
  g_autoptr(IssCentralFolder) engine = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_DESK (self), NULL);

  if (self->store != NULL)
    return self->store;

  engine = iss_central_folder_new (self->folder, error);
  if (engine == NULL)
    return NULL;

  pins = g_build_filename (self->key_folder, PINS, NULL);
  self->store = iss_central_store_new (ISS_CENTRAL_ENGINE (engine), pins);
  g_signal_emit (self, signals[CHANGED], 0);

  return self->store;
}

/**
 * iss_central_desk_get_service:
 * @self: a desk
 * @pool: a pool of its workspace
 *
 * Returns: (transfer none) (nullable): what replicates @pool while the console runs; %NULL: there
 *   is no central store, or it cannot be opened
 */
IssReplicationService *
iss_central_desk_get_service (IssCentralDesk *self,
                              IssPool        *pool)
{
  g_autoptr(IssReplicationService) service = NULL;
  guint index;

  g_return_val_if_fail (ISS_IS_CENTRAL_DESK (self), NULL);
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  if (g_ptr_array_find (self->pools, pool, &index))
    return self->services->pdata[index];

  if (!iss_central_desk_has_store (self) || iss_central_desk_get_store (self, NULL) == NULL)
    return NULL;

  service = iss_replication_service_new (self->store, pool);
  g_ptr_array_add (self->pools, g_object_ref (pool));
  g_ptr_array_add (self->services, g_object_ref (service));
  iss_replication_service_start (service);

  return service;
}
